#pragma once

// Frames of the film that damage keeps from being coloured.

#include <gst/gst.h>

#include <cstdint>

#include "examples/colorize_film/timed_count.h"

namespace colorize_film {

// Where the container has an index (Matroska, MP4, AVI), what it names and no decoder gave is lost;
// where it has only a clock (transport and program streams), what is missing between two frames.
// Decoders and demuxers say nothing of most damage.
// Thread-safety: the pads' threads count, `count` may be asked from any.
class LostFrames {
 public:
  // `parser`: parsebin; `coded`: what it gives; `packets`: where that passes, `frames`: where the
  // decoded ones do; `origin`: time of the result at which the first data lie. The pads' threads
  // have ended before this ends. Before data comes.
  void watch(GstElement* parser, const GstCaps* coded, GstPad* packets, GstPad* frames,
             GstClockTime origin);

  // Of those from one time of the result on to another; all before the latter have been decoded.
  // May be below 0 where packets and frames have not the same times: only the sum over a film
  // counts.
  int64_t count(GstClockTime from, GstClockTime to) const { return lost_.between(from, to); }

 private:
  void on_packet(GstPad* pad, GstBuffer* packet);
  void on_frame(GstPad* pad, const GstBuffer* frame);
  void add(GstPad* pad, GstClockTime time, int64_t frames);

  bool has_index_ = false;
  bool has_clock_ = false;
  GstClockTime origin_ = 0;
  GstClockTime expected_ = GST_CLOCK_TIME_NONE;  // time of the next frame
  TimedCount lost_;                              // those on their way count as lost
};

}  // namespace colorize_film
