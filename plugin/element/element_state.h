#pragma once

// What one element holds, for the sources that make up its vmethods: gstcgancolorize.cpp (states,
// caps, one frame) and live.cpp (frames in time).

#include <gst/video/gstvideofilter.h>

#include <exception>
#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/element/element_error.h"
#include "plugin/element/gstcgancolorize.h"
#include "plugin/element/live.h"
#include "plugin/element/properties.h"

namespace cgan {

struct State {
  PropertyValues properties;  // under the object lock
  Live live;

  // The rest belongs to the thread that changes states while no data flows, and to the streaming
  // thread while it does.
  const CganColorizerInterface* library = nullptr;
  CganColorizer* colorizer = nullptr;
  CreationSettings created_with;
  std::string refusal;  // what was posted about the present caps; empty: they are accepted
  // What the frames so far say about the next one ends with these.
  bool is_jump = false;
  GstClockTime last_time = GST_CLOCK_TIME_NONE;  // of the last frame
  GstSegment segment = {};                       // in which the last frame lay

  ~State() { destroy_colorizer(); }
  void destroy_colorizer() {
    if (colorizer != nullptr) library->destroy(colorizer);
    colorizer = nullptr;
  }
};

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
