#pragma once

// What to do when frames come too late to be shown, by what downstream says in QOS events.
//
// A frame that is expected late carries the colour of the frames before, which takes a fraction of
// the time. Where twelve such frames in a row (and those whose networks were on their way before)
// have not brought the stream nearer to the clock, time is lost elsewhere: late frames are then
// dropped, as by every other filter, for ten seconds; after that carrying is tried again.

#include <gst/gst.h>

namespace cgan {

// What is done about a frame.
enum class QosAction { kNone, kCarry, kDrop };

// Thread-safety: none of its own; the owner holds a lock. Times are running times.
class Quality {
 public:
  static constexpr guint kTrial = 12;  // frames
  static constexpr GstClockTime kRetry = 10 * GST_SECOND;

  void reset() { *this = Quality(); }

  // What a QOS event says: the frame of time `time` was late by `lateness` (negative: early).
  void hear(double proportion, GstClockTimeDiff lateness, GstClockTime time);

  // What to do about the frame of `time`, of a length or GST_CLOCK_TIME_NONE. Once for each frame.
  // `held`: frames that come out before the one that carries its colour for it.
  QosAction judge(GstClockTime time, GstClockTime duration, guint held = 0);

  // By how much the frame last judged is expected late, as in gst_message_set_qos_values.
  GstClockTimeDiff jitter() const { return jitter_; }
  double proportion() const { return proportion_; }

 private:
  double proportion_ = 1.0;
  GstClockTime heard_ = GST_CLOCK_TIME_NONE;  // when the frame of the last event was due
  GstClockTimeDiff lateness_ = 0;             // of that frame
  GstClockTimeDiff jitter_ = 0;
  // Of the frames that have been late in a row.
  guint late_ = 0;
  GstClockTimeDiff first_jitter_ = 0;
  GstClockTime drop_until_ = 0;
};

}  // namespace cgan
