#pragma once

// The codes of a frame in memory.

#include <gst/video/video.h>

#include "examples/colorize_film/options.h"

namespace colorize_film {

// Throws RunError if the frame cannot be read.
class MappedFrame {
 public:
  MappedFrame(GstSample* sample, GstMapFlags flags) {
    GstVideoInfo info;
    if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
        !gst_video_frame_map(&frame_, &info, gst_sample_get_buffer(sample), flags))
      throw RunError("A frame of the film cannot be read.");
  }
  ~MappedFrame() { gst_video_frame_unmap(&frame_); }
  MappedFrame(const MappedFrame&) = delete;
  MappedFrame& operator=(const MappedFrame&) = delete;

  const GstVideoFrame* operator->() const { return &frame_; }
  const GstVideoFrame* get() const { return &frame_; }

  guint8* row(int component, int y) const {
    return static_cast<guint8*>(GST_VIDEO_FRAME_COMP_DATA(&frame_, component)) +
           static_cast<gsize>(y) * GST_VIDEO_FRAME_COMP_STRIDE(&frame_, component);
  }
  int width(int component) const { return GST_VIDEO_FRAME_COMP_WIDTH(&frame_, component); }
  int height(int component) const { return GST_VIDEO_FRAME_COMP_HEIGHT(&frame_, component); }

 private:
  GstVideoFrame frame_;
};

// Codes of one component, of whatever bits and packing.
class Codes {
 public:
  Codes(const MappedFrame& frame, int component)
      : frame_(frame),
        component_(component),
        depth_(GST_VIDEO_FRAME_COMP_DEPTH(frame.get(), component)),
        shift_(GST_VIDEO_FORMAT_INFO_SHIFT(frame->info.finfo, component)),
        step_(GST_VIDEO_FRAME_COMP_PSTRIDE(frame.get(), component)),
        bytes_(depth_ + shift_ > 8 ? 2 : 1) {}

  int depth() const { return depth_; }
  unsigned read(int x, int y) const {
    const guint8* at = frame_.row(component_, y) + static_cast<gsize>(x) * step_;
    return (bytes_ == 2 ? GST_READ_UINT16_LE(at) : *at) >> shift_;
  }
  void write(int x, int y, unsigned code) const {
    guint8* at = frame_.row(component_, y) + static_cast<gsize>(x) * step_;
    if (bytes_ == 2)
      GST_WRITE_UINT16_LE(at, code << shift_);
    else
      *at = static_cast<guint8>(code << shift_);
  }

 private:
  const MappedFrame& frame_;
  int component_, depth_, shift_, step_, bytes_;
};

}  // namespace colorize_film
