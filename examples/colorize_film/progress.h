#pragma once

// The line that tells how far a run is.

#include <gst/gst.h>

#include <atomic>
#include <cstdint>
#include <optional>

namespace colorize_film {

// Counts frames and draws "  1234 of 2938 frames  18.3 frames/s   42 %  2:05 left" on standard
// error. The line redraws itself only on a terminal; elsewhere nothing is written. Thread-safety:
// `count_frame` may be called from any thread, all else from one.
class Progress {
 public:
  // `total`: length of what will be written, GST_CLOCK_TIME_NONE if nobody knows; `frames`: how
  // many that are, if an index says it, which is truer than times.
  void start(GstClockTime total, std::optional<int64_t> frames);

  // One more frame is coloured; `position` is its end in the result.
  void count_frame(GstClockTime position);

  void draw();
  // Wipes the line, so that other text can be written in its place.
  void clear();

  int64_t frames() const { return frames_; }
  double seconds() const;  // since start

 private:
  double share() const;  // that is done; 0 if nobody knows

  GstClockTime total_ = GST_CLOCK_TIME_NONE;
  std::optional<int64_t> all_frames_;
  int64_t started_us_ = 0;
  bool is_terminal_ = false;
  bool is_drawn_ = false;
  std::atomic<int64_t> frames_{0};
  std::atomic<GstClockTime> position_{0};
};

}  // namespace colorize_film
