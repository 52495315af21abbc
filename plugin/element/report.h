#pragma once

// Messages on the bus: the statistics every so often, and frames that lateness has cost something.

#include <gst/gst.h>

#include "plugin/element/quality.h"

namespace cgan {

// When a frame is to be shown.
struct FrameTimes {
  GstClockTime timestamp, duration, stream_time, running_time;
  FrameTimes(const GstSegment& segment, GstBuffer* frame);
};

// Tells when so many seconds of running time have gone by. Thread-safety: one thread at a time.
class ReportClock {
 public:
  void reset() { last_ = GST_CLOCK_TIME_NONE; }
  // True once in `interval` seconds; never where that is 0.
  bool is_due(GstClockTime running_time, guint interval);

 private:
  GstClockTime last_ = GST_CLOCK_TIME_NONE;
};

// Posts an element message: `stats` (transfer full) with "timestamp", "stream-time" and
// "running-time". Thread-safety: without the object lock, as the next.
void post_stats(GstElement* element, GstStructure* stats, const FrameTimes& times);

// Frames of which late ones were dropped.
struct QualityCounts {
  guint64 processed = 0, dropped = 0;
};

// Posts the QOS message of a late frame that was carried (quality half of the full 1000000) or
// dropped.
void post_quality(GstElement* element, bool is_live, QosAction action, const FrameTimes& times,
                  const Quality& quality, const QualityCounts& counts);

}  // namespace cgan
