#pragma once

// The line that tells how far a run is.

#include <gst/gst.h>

#include <atomic>
#include <cstdint>

namespace colorize_film {

// Counts frames and draws "  1234 frames  18.3 frames/s   42 %  2:05 left" on standard error.
// The line redraws itself only on a terminal; elsewhere nothing is written.
// Thread-safety: `count_frame` may be called from any thread, all else from one.
class Progress {
 public:
  // `total`: length of what will be written; GST_CLOCK_TIME_NONE if nobody knows.
  void start(GstClockTime total);

  // One more frame is coloured; `position` is its end in the result.
  void count_frame(GstClockTime position);

  void draw();
  // Wipes the line, so that other text can be written in its place.
  void clear();

  int64_t frames() const { return frames_; }
  double seconds() const;  // since start

 private:
  GstClockTime total_ = GST_CLOCK_TIME_NONE;
  int64_t started_us_ = 0;
  bool is_terminal_ = false;
  bool is_drawn_ = false;
  std::atomic<int64_t> frames_{0};
  std::atomic<GstClockTime> position_{0};
};

}  // namespace colorize_film
