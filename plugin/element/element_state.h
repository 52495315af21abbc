#pragma once

// What one element holds, for the sources that make up its vmethods: gstcgancolorize.cpp (class,
// states, caps), frame_flow.cpp (the way of a frame), frame_memory.cpp (where it lies) and
// latency_qos.cpp (its time).

#include <gst/video/gstvideofilter.h>

#include <exception>
#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/element/cuda_memory/cuda_memory.h"
#include "plugin/element/element_error.h"
#include "plugin/element/frame_flow.h"
#include "plugin/element/gstcgancolorize.h"
#include "plugin/element/latency_qos.h"
#include "plugin/element/property_values.h"
#include "plugin/element/stream_state.h"

namespace cgan {

struct State {
  explicit State(GstCganColorize* self) : cuda_memory(GST_ELEMENT(self)), flow(self) {}
  ~State() { destroy_colorizer(); }

  PropertyValues properties;  // under the object lock
  LatencyQos latency_qos;
  CudaMemory cuda_memory;  // has locks of its own

  // The rest belongs to the thread that changes states while no data flows, and to the streaming
  // thread while it does.
  const CganColorizerInterface* library = nullptr;
  CganColorizer* colorizer = nullptr;
  CreationSettings created_with;
  std::string refusal;       // what was posted about the present caps; empty: they are accepted
  std::string card_refusal;  // what was posted about the card; empty: it does what it is asked
  FrameFlow flow;
  StreamState stream_state;

  // Frames that wait for later ones before the earliest goes out.
  guint most_held() const { return created_with.lookahead + flow.delay.frames(); }

  void destroy_colorizer() {
    if (colorizer != nullptr) library->destroy(colorizer);
    colorizer = nullptr;
  }
};

inline GstBaseTransformClass* parent_class(GstBaseTransform* base) {
  return GST_BASE_TRANSFORM_CLASS(g_type_class_peek_parent(GST_BASE_TRANSFORM_GET_CLASS(base)));
}

// Runs the body of a vmethod; a C++ exception becomes an element error and `failure`.
template <typename Self, typename Result, typename Body>
Result guarded(Self* self, Result failure, Body body) {
  try {
    return body();
  } catch (const std::exception& caught) {
    post_error(GST_ELEMENT(self), {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED},
               "The colorizer failed in an unexpected way.", caught.what());
  }
  return failure;
}

}  // namespace cgan

struct _GstCganColorize {
  GstVideoFilter parent;
  cgan::State* state;
};
