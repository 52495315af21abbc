#include "plugin/element/quality.h"

namespace cgan {

void Quality::hear(double proportion, GstClockTimeDiff lateness, GstClockTime time) {
  proportion_ = proportion;
  lateness_ = lateness;
  heard_ = time;
}

QosAction Quality::judge(GstClockTime time, GstClockTime duration, guint held) {
  if (!GST_CLOCK_TIME_IS_VALID(heard_) || !GST_CLOCK_TIME_IS_VALID(time)) return QosAction::kNone;
  jitter_ = GST_CLOCK_DIFF(time, heard_) + lateness_;
  const bool is_over = jitter_ >= 0;
  // After a frame that was late, the next is so as well if it takes as long: sinks drop what is
  // late by half a frame, too late to wait until it is over.
  if (lateness_ > 0 && GST_CLOCK_TIME_IS_VALID(duration)) jitter_ += duration;
  if (jitter_ < 0) {
    late_ = 0;
    return QosAction::kNone;
  }
  if (time < drop_until_) return is_over ? QosAction::kDrop : QosAction::kNone;
  if (late_ == 0) first_jitter_ = jitter_;
  if (++late_ <= kTrial + held) return QosAction::kCarry;
  late_ = 0;
  if (jitter_ < first_jitter_) return QosAction::kCarry;
  drop_until_ = time + kRetry;
  return is_over ? QosAction::kDrop : QosAction::kNone;
}

}  // namespace cgan
