#include "plugin/element/latency_qos.h"

#include <algorithm>
#include <memory>

#include "plugin/element/element_state.h"
#include "plugin/element/frame_flow.h"
#include "plugin/element/frame_memory.h"
#include "plugin/element/held_frames.h"

GST_DEBUG_CATEGORY_EXTERN(cgan_colorize_debug);
#define GST_CAT_DEFAULT cgan_colorize_debug

namespace cgan {
namespace {

LatencyQos& of(GstCganColorize* self) {
  return self->state->latency_qos;
}

FrameTimes times_of(GstCganColorize* self, GstBuffer* frame) {
  return FrameTimes(GST_BASE_TRANSFORM(self)->segment, frame);
}

// How late the frames are that go out now.
Quality present_quality(GstCganColorize* self) {
  GST_OBJECT_LOCK(self);
  const Quality quality = of(self).quality;
  GST_OBJECT_UNLOCK(self);
  return quality;
}

void tell_quality(GstCganColorize* self, QosAction action, const FrameTimes& times,
                  const Quality& quality) {
  const LatencyQos& own = of(self);
  GST_OBJECT_LOCK(self);
  const bool is_live = own.is_live;
  GST_OBJECT_UNLOCK(self);
  post_quality(GST_ELEMENT(self), is_live, action, times, quality, own.counts);
}

// Where nobody answers, somebody may be waiting for each frame.
bool is_upstream_live(GstCganColorize* self) {
  const std::unique_ptr<GstQuery, decltype(&gst_query_unref)> query(gst_query_new_latency(),
                                                                    &gst_query_unref);
  gboolean is_live = TRUE;
  if (gst_pad_peer_query(GST_BASE_TRANSFORM_SINK_PAD(self), query.get())) {
    gst_query_parse_latency(query.get(), &is_live, nullptr, nullptr);
  }
  return is_live != FALSE;
}

gboolean src_event(GstBaseTransform* base, GstEvent* event) {
  if (GST_EVENT_TYPE(event) != GST_EVENT_QOS) return parent_class(base)->src_event(base, event);
  GstQOSType type;
  gdouble proportion = 1.0;
  GstClockTimeDiff lateness = 0;
  GstClockTime time = GST_CLOCK_TIME_NONE;
  gst_event_parse_qos(event, &type, &proportion, &lateness, &time);
  // Who asks for fewer frames is not helped by cheaper ones: the base class drops them.
  if (type == GST_QOS_TYPE_THROTTLE) return parent_class(base)->src_event(base, event);
  GST_OBJECT_LOCK(base);
  of(GST_CGAN_COLORIZE(base)).quality.hear(proportion, lateness, time);
  GST_OBJECT_UNLOCK(base);
  return gst_pad_push_event(base->sinkpad, event);
}

gboolean query(GstBaseTransform* base, GstPadDirection direction, GstQuery* query) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  // Who asks for it wants its buffers back, those that wait here as well.
  if (GST_QUERY_TYPE(query) == GST_QUERY_DRAIN && direction == GST_PAD_SINK) drain(self);
  if (GST_QUERY_TYPE(query) == GST_QUERY_CONTEXT && answer_context_query(self, query)) return TRUE;
  if (!parent_class(base)->query(base, direction, query)) return FALSE;
  if (GST_QUERY_TYPE(query) == GST_QUERY_CAPS) prefer_cuda_frames(query);
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY || direction != GST_PAD_SRC) return TRUE;
  gboolean is_live = FALSE;
  gst_query_parse_latency(query, &is_live, nullptr, nullptr);
  GST_OBJECT_LOCK(base);
  of(self).is_live = is_live != FALSE;
  add_latency(query, of(self).latency);
  GST_OBJECT_UNLOCK(base);
  return TRUE;
}

}  // namespace

void install_latency_qos(GstBaseTransformClass* base) {
  base->src_event = src_event;
  base->query = query;
}

guint choose_delay(GstCganColorize* self, const GstVideoInfo& info) {
  const State& state = *self->state;
  GST_OBJECT_LOCK(self);
  const guint refresh = state.properties.refresh;
  GST_OBJECT_UNLOCK(self);
  // Whether the network runs on a frame is then decided by the one before it.
  if (refresh != 1) return 0;
  // How many later fields have a say must not hang on how many are there (frames and fields mixed).
  const bool is_interlaced = GST_VIDEO_INFO_IS_INTERLACED(&info);
  if (is_interlaced && state.created_with.lookahead > 0) return 0;
  if (state.created_with.delay >= 0) return static_cast<guint>(state.created_with.delay);
  const bool is_live = is_upstream_live(self);
  GST_DEBUG_OBJECT(self, "upstream is %s", is_live ? "live" : "not live");
  if (is_live) return 0;
  const guint best = state.library->best_delay(state.colorizer);
  return std::min<guint>(is_interlaced ? (best + 1) / 2 : best, CGAN_LONGEST_DELAY);
}

void take_frame_duration(GstCganColorize* self, const GstVideoInfo& info) {
  GstClockTime& duration = of(self).frame_duration;
  duration = LatencyQos().frame_duration;
  if (GST_VIDEO_INFO_FPS_N(&info) > 0) {
    duration = gst_util_uint64_scale_int(GST_SECOND, GST_VIDEO_INFO_FPS_D(&info),
                                         GST_VIDEO_INFO_FPS_N(&info));
  }
}

void update_latency(GstCganColorize* self) {
  LatencyQos& own = of(self);
  const GstClockTime latency = self->state->most_held() * own.frame_duration;
  GST_OBJECT_LOCK(self);
  const bool is_new = latency != own.latency;
  own.latency = latency;
  GST_OBJECT_UNLOCK(self);
  if (is_new) {
    gst_element_post_message(GST_ELEMENT(self), gst_message_new_latency(GST_OBJECT(self)));
  }
}

void judge(GstCganColorize* self, GstBuffer* frame) {
  LatencyQos& own = of(self);
  own.action = QosAction::kNone;
  if (frame == nullptr || !gst_base_transform_is_qos_enabled(GST_BASE_TRANSFORM(self))) return;
  const FrameTimes times = times_of(self, frame);
  GST_OBJECT_LOCK(self);
  own.action = own.quality.judge(times.running_time, times.duration, self->state->most_held());
  GST_OBJECT_UNLOCK(self);
}

void forget_lateness(GstCganColorize* self) {
  LatencyQos& own = of(self);
  own.action = QosAction::kNone;
  GST_OBJECT_LOCK(self);
  own.quality.reset();
  GST_OBJECT_UNLOCK(self);
}

void forget_reports(GstCganColorize* self) {
  forget_lateness(self);
  of(self).counts = {};
  of(self).report.reset();
}

void forget_undecided(GstCganColorize* self) {
  of(self).undecided.begin(self->state->properties.counts);
}

void await_decision(GstCganColorize* self, GstBuffer* frame, guint pictures) {
  LatencyQos& own = of(self);
  own.undecided.push({times_of(self, frame), own.action, present_quality(self), pictures});
}

void tell_carried(GstCganColorize* self) {
  PropertyValues& properties = self->state->properties;
  of(self).undecided.take(properties.counts, [&](const UndecidedFrames::Frame& frame) {
    GST_OBJECT_LOCK(self);
    ++properties.late;
    GST_OBJECT_UNLOCK(self);
    if (frame.action == QosAction::kCarry) {
      tell_quality(self, frame.action, frame.times, frame.quality);
    }
  });
}

void tell_dropped(GstCganColorize* self, GstBuffer* frame) {
  LatencyQos& own = of(self);
  ++own.counts.dropped;
  tell_quality(self, own.action, times_of(self, frame), present_quality(self));
}

void tell_stats(GstCganColorize* self, GstBuffer* frame) {
  const FrameTimes times = times_of(self, frame);
  const PropertyValues& properties = self->state->properties;
  GST_OBJECT_LOCK(self);
  const bool is_due = of(self).report.is_due(times.running_time, properties.stats_interval);
  GstStructure* const stats = is_due ? properties.stats() : nullptr;
  GST_OBJECT_UNLOCK(self);
  if (is_due) post_stats(GST_ELEMENT(self), stats, times);
}

}  // namespace cgan
