#pragma once

// A video buffer mapped for the length of one call, checked before one byte of it is believed:
// gst_video_frame_map takes strides and offsets of a video meta on trust.

#include <gst/video/video.h>

#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

// Of a plane of a frame in a format of pixel_format.h, as it must be there: bytes of a row, and
// rows.
gsize plane_row_bytes(const GstVideoInfo& info, guint plane);
gsize plane_rows(const GstVideoInfo& info, guint plane);

// Thread-safety: one thread. Holds no reference: the buffer must outlive it.
class FrameMap {
 public:
  // Maps `buffer` as a frame of `info`, of a format of pixel_format.h. `flags`: GST_MAP_READ, WRITE
  // or READWRITE, and more for other memory than the host's; for writing the buffer must be
  // writable.
  FrameMap(GstBuffer* buffer, const GstVideoInfo& info, GstMapFlags flags);
  ~FrameMap();
  FrameMap(const FrameMap&) = delete;
  FrameMap& operator=(const FrameMap&) = delete;

  // False: the buffer is too small for its caps, contradicts them, or cannot be mapped; `problem`
  // then says what was found and what was wanted, and `planes` must not be used.
  bool is_usable() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }
  // False: the memory itself gives no access.
  bool is_mapped() const { return is_mapped_; }

  const CganFrame& planes() const { return planes_; }

 private:
  std::string take_planes(const GstVideoInfo& info);

  GstVideoFrame frame_;
  bool is_mapped_ = false;
  CganFrame planes_ = {};
  std::string problem_;
};

}  // namespace cgan
