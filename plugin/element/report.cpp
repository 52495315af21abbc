#include "plugin/element/report.h"

namespace cgan {
namespace {

constexpr gint kFullQuality = 1000000;
constexpr gint kCarriedQuality = kFullQuality / 2;

}  // namespace

FrameTimes::FrameTimes(const GstSegment& segment, GstBuffer* frame)
    : timestamp(GST_BUFFER_TIMESTAMP(frame)),
      duration(GST_BUFFER_DURATION(frame)),
      stream_time(GST_CLOCK_TIME_NONE),
      running_time(GST_CLOCK_TIME_NONE) {
  if (segment.format != GST_FORMAT_TIME) return;
  stream_time = gst_segment_to_stream_time(&segment, GST_FORMAT_TIME, timestamp);
  running_time = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, timestamp);
}

bool ReportClock::is_due(GstClockTime running_time, guint interval) {
  if (interval == 0 || !GST_CLOCK_TIME_IS_VALID(running_time)) return false;
  // The first frame, or one of a segment that begins earlier.
  if (!GST_CLOCK_TIME_IS_VALID(last_) || running_time < last_) last_ = running_time;
  if (running_time < last_ + interval * GST_SECOND) return false;
  last_ = running_time;
  return true;
}

void post_stats(GstElement* element, GstStructure* stats, const FrameTimes& times) {
  gst_structure_set(stats, "timestamp", G_TYPE_UINT64, times.timestamp, "stream-time",
                    G_TYPE_UINT64, times.stream_time, "running-time", G_TYPE_UINT64,
                    times.running_time, nullptr);
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), stats));
}

void post_quality(GstElement* element, bool is_live, QosAction action, const FrameTimes& times,
                  const Quality& quality, const QualityCounts& counts) {
  GstMessage* message = gst_message_new_qos(GST_OBJECT(element), is_live, times.running_time,
                                            times.stream_time, times.timestamp, times.duration);
  gst_message_set_qos_values(message, quality.jitter(), quality.proportion(),
                             action == QosAction::kCarry ? kCarriedQuality : kFullQuality);
  gst_message_set_qos_stats(message, GST_FORMAT_BUFFERS, counts.processed, counts.dropped);
  gst_element_post_message(element, message);
}

}  // namespace cgan
