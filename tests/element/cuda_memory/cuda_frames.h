#pragma once

// Frames of known content on the card of fake_cuda.h, and what a test expects of the card at its
// end.

#include <gst/cuda/gstcudabufferpool.h>
#include <gst/cuda/gstcudautils.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/element/colorize_harness.h"
#include "tests/element/cuda_memory/fake_cuda.h"
#include "tests/element/fake_colorizer.h"

struct UnrefObject {
  void operator()(gpointer object) const { gst_object_unref(object); }
};
using CudaContext = std::unique_ptr<GstCudaContext, UnrefObject>;

// "video/x-raw(memory:CUDAMemory), format=FORMAT, width=..., height=..., framerate=25/1"
std::string cuda_caps_text(const std::string& format, int width, int height,
                           const std::string& more = "");

// The frame of make_frame() in memory of `context`.
GstBuffer* make_cuda_frame(GstCudaContext* context, const std::string& caps);

// The codes of a component, row after row, read from the card's memory itself: it can be read here,
// and on the way to the host GStreamer 1.22 loses a plane of three whose frames have an odd height.
std::vector<int> card_codes(GstBuffer* frame, const std::string& caps, guint component);

// What a neighbour of the element gets that asks for a context, from the pad of this name. NULL if
// nothing.
CudaContext asked_context(GstElement* element, const char* pad = "sink");

bool is_primary(GstCudaContext* context, int card);

// Begins with a driver that has two cards and does as asked; at the end nothing may be left on them
// and nothing have gone wrong there.
class CudaTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
};
