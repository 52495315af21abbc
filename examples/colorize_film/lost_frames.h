#pragma once

// Frames of the film that damage keeps from being coloured.

#include <gst/gst.h>

#include <atomic>
#include <cstdint>

namespace colorize_film {

// Where the container has an index (Matroska, MP4, AVI), what it names and no decoder gave is lost;
// where it has only a clock (transport and program streams), what is missing between two frames.
// Decoders and demuxers say nothing of most damage.
// Thread-safety: the pads' threads count, `count` may be asked from any.
class LostFrames {
 public:
  // `parser`: parsebin; `packets`: where the encoded pictures pass, `frames`: where the decoded
  // ones do. The pads' threads have ended before this ends. Before data comes.
  void watch(GstElement* parser, GstPad* packets, GstPad* frames);

  int64_t count() const;

 private:
  void on_packet(GstPad* pad, GstBuffer* packet);
  void on_frame(const GstBuffer* frame);

  bool has_index_ = false;
  bool has_clock_ = false;
  std::atomic<int64_t> packets_{0};
  std::atomic<int64_t> frames_{0};
  std::atomic<int64_t> gaps_{0};                 // frames that fit into them
  GstClockTime expected_ = GST_CLOCK_TIME_NONE;  // time of the next frame
};

}  // namespace colorize_film
