#pragma once

// Original and result of one frame, brought together again behind the element.

#include <gst/gst.h>
#include <gst/video/video.h>

#include <deque>
#include <mutex>

#include "examples/colorize_film/part_file.h"

namespace colorize_film {

// Holds originals on their way past the element until their results come. Frames are matched by
// presentation time, so an element that holds frames back is fine; originals whose result never
// comes are dropped with the next match.
// Thread-safety: `keep_original` and `take_original` may be called from two threads.
class FramePairs {
 public:
  ~FramePairs();

  void keep_original(GstPad* pad, GstBuffer* buffer);
  // The original of that time with its caps, or NULL if none was kept. The caller owns the sample.
  GstSample* take_original(GstClockTime pts);

 private:
  std::mutex mutex_;
  std::deque<GstSample*> originals_;
};

// One picture with `original` (grey or YUV of its own depth) left and `coloured` (planar YUV of the
// same size) right, in the format and colorimetry and with the times of `coloured`. Luma is copied
// bit for bit on both sides where the depth is the same. The right half begins at an even pixel: an
// odd width gets one column of black between. The caller owns the sample. Throws RunError if a
// frame cannot be read.
GstSample* side_by_side(GstSample* original, GstSample* coloured);

// Writes `picture` as a PNG with square pixels and keeps the file. Throws RunError with the reason
// if it cannot.
void write_png(GstSample* picture, PartFile& file);

}  // namespace colorize_film
