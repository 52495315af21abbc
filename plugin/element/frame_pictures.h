#pragma once

// What is coloured of a frame: the frame, or each of its two fields, which are moments of their
// own.

#include <gst/video/video.h>

#include <array>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

// In the order of their moments: one whole frame, or two fields.
class FramePictures {
 public:
  // Of `frame`, a buffer of `info`. Fields where the caps say interleaved, or mixed and the buffer
  // is flagged INTERLACED; the first is the one that caps or else the flag TFF name.
  FramePictures(const GstVideoInfo& info, GstBuffer* frame);

  guint count() const { return count_; }
  // The rows of picture `index` of a frame's planes.
  CganFrame rows(const CganFrame& planes, guint index) const;

 private:
  std::array<CganScan, 2> scans_ = {CGAN_SCAN_FRAME, CGAN_SCAN_FRAME};
  guint count_ = 1;
};

}  // namespace cgan
