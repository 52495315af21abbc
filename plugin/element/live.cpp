#include "plugin/element/live.h"

#include "plugin/element/element_state.h"
#include "plugin/element/frame_map.h"

namespace cgan {
namespace {

State& state_of(GstBaseTransform* base) {
  return *GST_CGAN_COLORIZE(base)->state;
}

GstBaseTransformClass* parent_class(GstBaseTransform* base) {
  return GST_BASE_TRANSFORM_CLASS(g_type_class_peek_parent(GST_BASE_TRANSFORM_GET_CLASS(base)));
}

// What helps the frame that goes out next, NULL where none does.
void judge(GstCganColorize* self, GstBuffer* frame) {
  GstBaseTransform* const base = GST_BASE_TRANSFORM(self);
  Live& live = self->state->live;
  live.help = Help::kNone;
  if (frame == nullptr || !gst_base_transform_is_qos_enabled(base)) return;
  const FrameTimes times(base->segment, frame);
  GST_OBJECT_LOCK(self);
  live.help = live.quality.judge(times.running_time, times.duration);
  GST_OBJECT_UNLOCK(self);
}

void tell_quality(GstCganColorize* self, const FrameTimes& times) {
  const Live& live = self->state->live;
  GST_OBJECT_LOCK(self);
  const Quality quality = live.quality;
  const bool is_live = live.is_live;
  GST_OBJECT_UNLOCK(self);
  post_quality(GST_ELEMENT(self), is_live, live.help, times, quality, live.counts);
}

// `carried`: the count before this frame. A late frame that begins a shot is none of these.
void tell_if_carried(GstCganColorize* self, const FrameTimes& times, guint64 carried) {
  PropertyValues& properties = self->state->properties;
  if (self->state->live.help == Help::kNone || properties.counts.carried == carried) return;
  GST_OBJECT_LOCK(self);
  ++properties.late;
  GST_OBJECT_UNLOCK(self);
  if (self->state->live.help == Help::kCarry) tell_quality(self, times);
}

// Takes the frame.
GstFlowReturn drop(GstCganColorize* self, GstBuffer* frame) {
  ++self->state->live.counts.dropped;
  tell_quality(self, FrameTimes(GST_BASE_TRANSFORM(self)->segment, frame));
  gst_buffer_unref(frame);
  return GST_BASE_TRANSFORM_FLOW_DROPPED;
}

GstFlowReturn observe(GstCganColorize* self, GstBuffer* frame) {
  State& state = *self->state;
  const FrameMap map(frame, GST_VIDEO_FILTER(self)->in_info, GST_MAP_READ);
  if (!map.is_usable()) {
    post_frame_error(GST_ELEMENT(self), map.problem());
    return GST_FLOW_ERROR;
  }
  const CganLook look = next_look(self);
  CganError error = {};
  if (!state.library->submit(state.colorizer, &map.planes(), &look, &error)) {
    post_error(GST_ELEMENT(self), error);
    return GST_FLOW_ERROR;
  }
  const guint64 carried = state.properties.counts.carried;
  take_counts(self);
  tell_if_carried(self, FrameTimes(GST_BASE_TRANSFORM(self)->segment, frame), carried);
  return GST_FLOW_OK;
}

// Takes the frame.
GstFlowReturn observe_and_hold(GstCganColorize* self, GstBuffer* frame) {
  const GstFlowReturn flow = observe(self, frame);
  if (flow == GST_FLOW_OK) {
    self->state->live.held.push(frame);
  } else {
    gst_buffer_unref(frame);
  }
  return flow;
}

// Colours the frame that the base class has taken in.
GstFlowReturn colour_queued(GstCganColorize* self, GstBuffer** out) {
  GstBaseTransform* const base = GST_BASE_TRANSFORM(self);
  State& state = *self->state;
  const guint64 carried = state.properties.counts.carried;
  const GstFlowReturn flow = parent_class(base)->generate_output(base, out);
  if (flow != GST_FLOW_OK || *out == nullptr) return flow;
  ++state.live.counts.processed;
  const FrameTimes times(base->segment, *out);
  if (state.created_with.lookahead == 0) tell_if_carried(self, times, carried);

  GST_OBJECT_LOCK(self);
  const guint interval = state.properties.stats_interval;
  const bool is_due = state.live.report.is_due(times.running_time, interval);
  GstStructure* const stats = is_due ? state.properties.stats() : nullptr;
  GST_OBJECT_UNLOCK(self);
  if (is_due) post_stats(GST_ELEMENT(self), stats, times);
  return flow;
}

void push_events_before_earliest(GstCganColorize* self) {
  while (GstEvent* event = self->state->live.held.pop_event()) {
    gst_pad_push_event(GST_BASE_TRANSFORM_SRC_PAD(self), event);
  }
}

// Frames are gone; tags still hold for what comes.
void discard_held(GstCganColorize* self) {
  HeldFrames& held = self->state->live.held;
  while (!held.empty()) {
    if (GstEvent* event = held.pop_event()) {
      gst_pad_store_sticky_event(GST_BASE_TRANSFORM_SRC_PAD(self), event);
      gst_event_unref(event);
    } else {
      gst_buffer_unref(held.pop());
    }
  }
}

GstFlowReturn colour_earliest(GstCganColorize* self, GstBuffer** out) {
  push_events_before_earliest(self);
  GstBuffer* const frame = self->state->live.held.pop();
  sync_properties(self, frame);
  GST_BASE_TRANSFORM(self)->queued_buf = frame;
  return colour_queued(self, out);
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
  state_of(base).live.quality.hear(proportion, lateness, time);
  GST_OBJECT_UNLOCK(base);
  return gst_pad_push_event(base->sinkpad, event);
}

gboolean query(GstBaseTransform* base, GstPadDirection direction, GstQuery* query) {
  // Who asks for it wants its buffers back, those that wait here as well.
  if (GST_QUERY_TYPE(query) == GST_QUERY_DRAIN && direction == GST_PAD_SINK) {
    drain(GST_CGAN_COLORIZE(base));
  }
  if (!parent_class(base)->query(base, direction, query)) return FALSE;
  if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY || direction != GST_PAD_SRC) return TRUE;
  gboolean is_live = FALSE;
  gst_query_parse_latency(query, &is_live, nullptr, nullptr);
  GST_OBJECT_LOCK(base);
  Live& live = state_of(base).live;
  live.is_live = is_live != FALSE;
  add_latency(query, live.latency);
  GST_OBJECT_UNLOCK(base);
  return TRUE;
}

gboolean propose_allocation(GstBaseTransform* base, GstQuery* decide, GstQuery* query) {
  const guint lookahead = state_of(base).created_with.lookahead;
  const bool is_answered = parent_class(base)->propose_allocation(base, decide, query) != FALSE;
  if (!is_answered && lookahead == 0) return FALSE;
  // In place the answer is downstream's own, through no filter_meta.
  guint crop = 0;
  while (gst_query_find_allocation_meta(query, GST_VIDEO_CROP_META_API_TYPE, &crop)) {
    gst_query_remove_nth_allocation_meta(query, crop);
  }
  raise_minimum(query, lookahead);
  return TRUE;
}

GstFlowReturn submit_input_buffer(GstBaseTransform* base, gboolean is_discont, GstBuffer* frame) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  return guarded(self, GST_FLOW_ERROR, [&] {
    State& state = *self->state;
    Live& live = state.live;
    // Negotiates where that is due, and leaves the frame in queued_buf.
    const GstFlowReturn flow = parent_class(base)->submit_input_buffer(base, is_discont, frame);
    if (flow == GST_BASE_TRANSFORM_FLOW_DROPPED) ++live.counts.dropped;
    if (flow != GST_FLOW_OK) return flow;

    const guint lookahead = state.created_with.lookahead;
    if (lookahead == 0) {
      judge(self, base->queued_buf);
      const bool is_dropped = live.help == Help::kDrop;
      return is_dropped ? drop(self, g_steal_pointer(&base->queued_buf)) : GST_FLOW_OK;
    }
    judge(self, live.held.count() == lookahead ? live.held.earliest() : nullptr);
    return observe_and_hold(self, g_steal_pointer(&base->queued_buf));
  });
}

GstFlowReturn generate_output(GstBaseTransform* base, GstBuffer** out) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  return guarded(self, GST_FLOW_ERROR, [&] {
    State& state = *self->state;
    const guint lookahead = state.created_with.lookahead;
    if (lookahead == 0) return colour_queued(self, out);
    if (state.live.held.count() <= lookahead) return GST_FLOW_OK;
    if (state.live.help != Help::kDrop) return colour_earliest(self, out);
    push_events_before_earliest(self);
    CganError error = {};
    state.library->finish(state.colorizer, nullptr, nullptr, nullptr, &error);
    return drop(self, state.live.held.pop());
  });
}

}  // namespace

void install_live(GstBaseTransformClass* base) {
  base->src_event = src_event;
  base->query = query;
  base->propose_allocation = propose_allocation;
  base->submit_input_buffer = submit_input_buffer;
  base->generate_output = generate_output;
}

void take_counts(GstCganColorize* self) {
  GST_OBJECT_LOCK(self);
  self->state->properties.counts = *self->state->library->counts(self->state->colorizer);
  GST_OBJECT_UNLOCK(self);
}

void drain(GstCganColorize* self) {
  Live& live = self->state->live;
  live.help = Help::kNone;
  while (live.held.count() > 0) {
    GstBuffer* out = nullptr;
    GstFlowReturn flow = guarded(self, GST_FLOW_ERROR, [&] { return colour_earliest(self, &out); });
    if (flow == GST_FLOW_OK && out != nullptr) {
      flow = gst_pad_push(GST_BASE_TRANSFORM_SRC_PAD(self), out);
    } else {
      gst_clear_buffer(&out);
    }
    if (flow == GST_FLOW_OK) continue;
    // The next frame meets the same answer and returns it.
    discard_held(self);
    self->state->is_jump = true;
  }
  push_events_before_earliest(self);
}

bool hold_event(GstCganColorize* self, GstEvent* event) {
  HeldFrames& held = self->state->live.held;
  if (GST_EVENT_TYPE(event) != GST_EVENT_TAG || held.empty()) return false;
  return guarded(self, true, [&] {
    held.push(event);
    return true;
  });
}

void forget_lateness(GstCganColorize* self) {
  Live& live = self->state->live;
  live.help = Help::kNone;
  GST_OBJECT_LOCK(self);
  live.quality.reset();
  GST_OBJECT_UNLOCK(self);
}

void forget_time(GstCganColorize* self) {
  discard_held(self);
  forget_lateness(self);
  self->state->live.counts = {};
  self->state->live.report.reset();
}

void begin_stream(GstCganColorize* self, const GstVideoInfo& info) {
  take_counts(self);
  GST_OBJECT_LOCK(self);
  self->state->properties.late = 0;
  GST_OBJECT_UNLOCK(self);
  GstClockTime& duration = self->state->live.frame_duration;
  duration = Live().frame_duration;
  if (GST_VIDEO_INFO_FPS_N(&info) > 0) {
    duration = gst_util_uint64_scale_int(GST_SECOND, GST_VIDEO_INFO_FPS_D(&info),
                                         GST_VIDEO_INFO_FPS_N(&info));
  }
  update_latency(self);
}

void update_latency(GstCganColorize* self) {
  Live& live = self->state->live;
  const GstClockTime latency = self->state->created_with.lookahead * live.frame_duration;
  GST_OBJECT_LOCK(self);
  const bool is_new = latency != live.latency;
  live.latency = latency;
  GST_OBJECT_UNLOCK(self);
  if (is_new) {
    gst_element_post_message(GST_ELEMENT(self), gst_message_new_latency(GST_OBJECT(self)));
  }
}

void sync_properties(GstCganColorize* self, GstBuffer* frame) {
  const FrameTimes times(GST_BASE_TRANSFORM(self)->segment, frame);
  if (GST_CLOCK_TIME_IS_VALID(times.stream_time)) {
    gst_object_sync_values(GST_OBJECT(self), times.stream_time);
  }
}

CganLook next_look(GstCganColorize* self) {
  GST_OBJECT_LOCK(self);
  CganLook look = self->state->properties.look();
  GST_OBJECT_UNLOCK(self);
  if (self->state->live.help != Help::kNone) {
    look.carried = G_MAXUINT32;
    look.uncertain = 1.0;
  }
  return look;
}

}  // namespace cgan
