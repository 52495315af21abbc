#include "plugin/element/frame_flow.h"

#include "plugin/element/element_state.h"
#include "plugin/element/frame_map.h"
#include "plugin/element/frame_memory.h"
#include "plugin/element/frame_pictures.h"
#include "plugin/element/latency_qos.h"

GST_DEBUG_CATEGORY_EXTERN(cgan_colorize_debug);
#define GST_CAT_DEFAULT cgan_colorize_debug

namespace cgan {
namespace {

GstFlowReturn refuse_frame(GstCganColorize* self, const FrameMap& map) {
  const bool is_size_right = self->state->cuda_memory.is_used() && !map.is_mapped();
  if (is_size_right) {
    post_card_error(self, map.problem());
  } else {
    post_frame_error(GST_ELEMENT(self), map.problem());
  }
  return GST_FLOW_ERROR;
}

GstFlowReturn refuse_frame(GstCganColorize* self, const CganError& error) {
  post_error(GST_ELEMENT(self), error);
  return GST_FLOW_ERROR;
}

// Gives controlled properties their values at the time of `frame`.
void sync_properties(GstCganColorize* self, GstBuffer* frame) {
  const FrameTimes times(GST_BASE_TRANSFORM(self)->segment, frame);
  if (GST_CLOCK_TIME_IS_VALID(times.stream_time)) {
    gst_object_sync_values(GST_OBJECT(self), times.stream_time);
  }
}

// What the next frame is coloured with, as properties and lateness want.
CganLook next_look(GstCganColorize* self) {
  GST_OBJECT_LOCK(self);
  CganLook look = self->state->properties.look();
  GST_OBJECT_UNLOCK(self);
  if (self->state->latency_qos.action != QosAction::kNone) {
    look.carried = G_MAXUINT32;
    look.uncertain = 1.0;
  }
  return look;
}

// Publishes what the colorizer has counted, and what it has given up to go on.
void take_counts(GstCganColorize* self) {
  const State& state = *self->state;
  GST_OBJECT_LOCK(self);
  self->state->properties.counts = *state.library->counts(state.colorizer);
  GST_OBJECT_UNLOCK(self);
  if (const char* notice = state.library->notice(state.colorizer)) {
    post_warning(GST_ELEMENT(self), {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT}, notice);
  }
}

// Takes the frame.
GstFlowReturn drop(GstCganColorize* self, GstBuffer* frame) {
  tell_dropped(self, frame);
  gst_buffer_unref(frame);
  return GST_BASE_TRANSFORM_FLOW_DROPPED;
}

// Frames are gone; tags still hold for what comes.
void discard_held(GstCganColorize* self) {
  HeldFrames& held = self->state->flow.held;
  self->state->flow.idle_drain.disarm();
  if (held.count() > 0) end_reading(self);
  while (!held.empty()) {
    if (GstEvent* event = held.pop_event()) {
      gst_pad_store_sticky_event(GST_BASE_TRANSFORM_SRC_PAD(self), event);
      gst_event_unref(event);
    } else {
      gst_buffer_unref(held.pop());
    }
  }
}

// After a failure: who knows which of them the colorizer still holds.
void let_go_of_held(GstCganColorize* self) {
  discard_held(self);
  self->state->flow.is_jump = true;
}

// After a failure of a second field its first one waits still: the stream is begun anew.
GstFlowReturn submit(GstCganColorize* self, GstBuffer* frame) {
  State& state = *self->state;
  const GstVideoInfo& info = GST_VIDEO_FILTER(self)->in_info;
  const FrameMap map(frame, info, state.cuda_memory.to_map(GST_MAP_READ));
  if (!map.is_usable()) return refuse_frame(self, map);
  const CganLook look = next_look(self);
  const FramePictures pictures(info, frame);
  for (guint i = 0; i < pictures.count(); ++i) {
    const CganFrame rows = pictures.rows(map.planes(), i);
    CganError error = {};
    if (state.library->submit(state.colorizer, &rows, &look, &error)) continue;
    if (i > 0) let_go_of_held(self);
    return refuse_frame(self, error);
  }
  await_decision(self, frame, pictures.count());
  take_counts(self);
  tell_carried(self);
  return GST_FLOW_OK;
}

// Takes the frame.
GstFlowReturn submit_and_hold(GstCganColorize* self, GstBuffer* frame) {
  const GstFlowReturn flow = submit(self, frame);
  if (flow == GST_FLOW_OK) {
    self->state->flow.held.push(frame);
  } else {
    gst_buffer_unref(frame);
  }
  return flow;
}

// Colours the frame that the base class has taken in.
GstFlowReturn colour_queued(GstCganColorize* self, GstBuffer** out) {
  GstBaseTransform* const base = GST_BASE_TRANSFORM(self);
  const GstFlowReturn flow = parent_class(base)->generate_output(base, out);
  if (flow != GST_FLOW_OK || *out == nullptr) return flow;
  ++self->state->latency_qos.counts.processed;
  attach_state(self, *out);
  tell_carried(self);
  tell_stats(self, *out);
  return flow;
}

void push_events_before_earliest(GstCganColorize* self) {
  while (GstEvent* event = self->state->flow.held.pop_event()) {
    gst_pad_push_event(GST_BASE_TRANSFORM_SRC_PAD(self), event);
  }
}

GstFlowReturn colour_earliest(GstCganColorize* self, GstBuffer** out) {
  push_events_before_earliest(self);
  GstBuffer* const frame = self->state->flow.held.pop();
  sync_properties(self, frame);
  GST_BASE_TRANSFORM(self)->queued_buf = frame;
  return colour_queued(self, out);
}

GstFlowReturn drop_earliest(GstCganColorize* self) {
  push_events_before_earliest(self);
  const State& state = *self->state;
  GstBuffer* const frame = self->state->flow.held.pop();
  const FramePictures pictures(GST_VIDEO_FILTER(self)->in_info, frame);
  for (guint i = 0; i < pictures.count(); ++i) {
    CganError error = {};
    state.library->finish(state.colorizer, nullptr, nullptr, nullptr, &error);
  }
  take_counts(self);
  tell_carried(self);
  return drop(self, frame);
}

// Colours held frames and pushes them until no more than `left` are held.
void push_held(GstCganColorize* self, guint left) {
  FrameFlow& own = self->state->flow;
  self->state->latency_qos.action = QosAction::kNone;
  while (own.held.count() > left) {
    GstBuffer* out = nullptr;
    GstFlowReturn flow = guarded(self, GST_FLOW_ERROR, [&] { return colour_earliest(self, &out); });
    if (flow == GST_FLOW_OK && out != nullptr) {
      flow = gst_pad_push(GST_BASE_TRANSFORM_SRC_PAD(self), out);
    } else {
      gst_clear_buffer(&out);
    }
    if (flow == GST_FLOW_OK) continue;
    // The next frame meets the same answer and returns it.
    let_go_of_held(self);
  }
  if (own.held.count() == 0) push_events_before_earliest(self);
}

// The frames that wait now do so for later ones, until these do not come.
void await_more(GstCganColorize* self) {
  State& state = *self->state;
  const bool is_automatic = state.created_with.delay < 0;
  if (is_automatic && state.flow.held.count() > state.created_with.lookahead) {
    state.flow.idle_drain.arm();
  }
}

// From the thread of the idle drain.
void drain_idle(GstCganColorize* self) {
  GstPad* const pad = GST_BASE_TRANSFORM_SINK_PAD(self);
  GST_PAD_STREAM_LOCK(pad);
  if (self->state->flow.idle_drain.claim()) {
    push_held(self, self->state->created_with.lookahead);
    self->state->flow.delay.rest();
    update_latency(self);
    GST_DEBUG_OBJECT(self, "somebody waits for each frame: none is held for a while");
  }
  GST_PAD_STREAM_UNLOCK(pad);
}

// Whether the event waits among the held frames; takes it if so.
bool hold_event(GstCganColorize* self, GstEvent* event) {
  HeldFrames& held = self->state->flow.held;
  if (GST_EVENT_TYPE(event) != GST_EVENT_TAG || held.empty()) return false;
  return guarded(self, true, [&] {
    held.push(event);
    return true;
  });
}

// A seek flushes; without a flush a segment may still begin elsewhere or run the other way.
gboolean sink_event(GstBaseTransform* base, GstEvent* event) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  FrameFlow& own = self->state->flow;
  if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP) {
    discard_held(self);
    forget_reports(self);
    own.delay.forget_rests();
    update_latency(self);
    own.is_jump = true;
  } else if (hold_event(self, event) || take_state_event(self, event)) {
    return TRUE;
  } else if (GST_EVENT_IS_SERIALIZED(event)) {
    drain(self);
  }
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) {
    forget_lateness(self);
    const GstSegment* segment = nullptr;
    gst_event_parse_segment(event, &segment);
    if (!gst_segment_is_equal(segment, &own.segment)) own.is_jump = true;
    own.segment = *segment;
  }
  return parent_class(base)->sink_event(base, event);
}

// Whether the scene before this buffer is not the one that it goes on with. A gap alone is none:
// upstream drops late frames and marks the next one DISCONT.
bool is_jump(FrameFlow& own, GstBuffer* buffer) {
  const GstClockTime time = GST_BUFFER_PTS(buffer), last = own.last_time;
  own.last_time = time;
  if (own.is_jump) {
    own.is_jump = false;
    return true;
  }
  if (!GST_BUFFER_IS_DISCONT(buffer) || !GST_CLOCK_TIME_IS_VALID(time) ||
      !GST_CLOCK_TIME_IS_VALID(last)) {
    return false;
  }
  const GstClockTimeDiff step = GST_CLOCK_DIFF(last, time);
  const bool is_forward = own.segment.rate > 0;
  return (step > 0) != is_forward || ABS(step) > static_cast<GstClockTimeDiff>(GST_SECOND);
}

void before_transform(GstBaseTransform* base, GstBuffer* buffer) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  State& state = *self->state;
  if (is_jump(state.flow, buffer) && state.colorizer != nullptr) {
    drain(self);
    state.library->reset(state.colorizer);
    forget_undecided(self);
  }
  sync_properties(self, buffer);
}

GstFlowReturn submit_input_buffer(GstBaseTransform* base, gboolean is_discont, GstBuffer* frame) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  return guarded(self, GST_FLOW_ERROR, [&] {
    State& state = *self->state;
    state.flow.idle_drain.disarm();
    // Negotiates where that is due, and leaves the frame in queued_buf.
    const GstFlowReturn flow = parent_class(base)->submit_input_buffer(base, is_discont, frame);
    if (flow == GST_BASE_TRANSFORM_FLOW_DROPPED) {
      ++state.latency_qos.counts.dropped;
      await_more(self);
    }
    if (flow != GST_FLOW_OK) return flow;
    base->queued_buf = take_in(self, base->queued_buf);
    if (base->queued_buf == nullptr || !prepare_state(self)) return GST_FLOW_ERROR;

    if (state.flow.delay.count_frame()) update_latency(self);
    const guint most_held = state.most_held();
    if (most_held == 0) {
      judge(self, base->queued_buf);
      const bool is_dropped = state.latency_qos.action == QosAction::kDrop;
      return is_dropped ? drop(self, g_steal_pointer(&base->queued_buf)) : GST_FLOW_OK;
    }
    const HeldFrames& held = state.flow.held;
    judge(self, held.count() == most_held ? held.earliest() : nullptr);
    return submit_and_hold(self, g_steal_pointer(&base->queued_buf));
  });
}

GstFlowReturn generate_output(GstBaseTransform* base, GstBuffer** out) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  return guarded(self, GST_FLOW_ERROR, [&] {
    State& state = *self->state;
    const guint most_held = state.most_held();
    if (most_held == 0) return colour_queued(self, out);
    // The base class asks again after each frame, so this is the end of its chain function.
    if (state.flow.held.count() <= most_held) {
      await_more(self);
      return GST_FLOW_OK;
    }
    if (state.latency_qos.action != QosAction::kDrop) {
      const GstFlowReturn flow = colour_earliest(self, out);
      if (flow < GST_FLOW_OK) let_go_of_held(self);
      return flow;
    }
    const GstFlowReturn flow = drop_earliest(self);
    await_more(self);
    return flow;
  });
}

GstFlowReturn colour(GstCganColorize* self, GstBuffer* frame, const CganFrame& in,
                     const CganFrame& out) {
  const State& state = *self->state;
  const CganLook look = next_look(self);
  // Where frames are held, this one has been submitted.
  const bool is_held = state.most_held() > 0;
  const FramePictures pictures(GST_VIDEO_FILTER(self)->in_info, frame);
  const auto run = is_held ? state.library->finish : state.library->colorize;
  for (guint i = 0; i < pictures.count(); ++i) {
    const CganFrame from = pictures.rows(in, i), to = pictures.rows(out, i);
    CganError error = {};
    if (!run(state.colorizer, &from, &to, &look, &error)) return refuse_frame(self, error);
    take_state(self, i);
  }
  if (!is_held) await_decision(self, frame, pictures.count());
  take_counts(self);
  return GST_FLOW_OK;
}

// GstVideoFilter only warns of a frame that it cannot map and pushes garbage, so this maps for
// itself. `in` and `out` are the same where the work is done in place.
GstFlowReturn map_and_colour(GstCganColorize* self, GstBuffer* in, GstBuffer* out) {
  const GstVideoFilter* const filter = GST_VIDEO_FILTER(self);
  const CudaMemory& memory = self->state->cuda_memory;
  const FrameMap source(in, filter->in_info,
                        memory.to_map(in == out ? GST_MAP_READWRITE : GST_MAP_READ));
  if (!source.is_usable()) return refuse_frame(self, source);
  if (in == out) return colour(self, in, source.planes(), source.planes());
  const FrameMap target(out, filter->out_info, memory.to_map(GST_MAP_WRITE));
  if (!target.is_usable()) return refuse_frame(self, target);
  return colour(self, in, source.planes(), target.planes());
}

GstFlowReturn transform(GstBaseTransform* base, GstBuffer* in, GstBuffer* out) {
  GstCganColorize* const self = GST_CGAN_COLORIZE(base);
  if (!GST_VIDEO_FILTER(base)->negotiated) return GST_FLOW_NOT_NEGOTIATED;
  const GstFlowReturn flow =
      guarded(self, GST_FLOW_ERROR, [&] { return map_and_colour(self, in, out); });
  if (flow != GST_FLOW_OK) end_reading(self);
  return flow;
}

GstFlowReturn transform_ip(GstBaseTransform* base, GstBuffer* frame) {
  return transform(base, frame, frame);
}

}  // namespace

FrameFlow::FrameFlow(GstCganColorize* self) : idle_drain([self] { drain_idle(self); }) {}

void install_frame_flow(GstBaseTransformClass* base) {
  base->sink_event = sink_event;
  base->before_transform = before_transform;
  base->submit_input_buffer = submit_input_buffer;
  base->generate_output = generate_output;
  base->transform = transform;
  base->transform_ip = transform_ip;
}

void begin_stream(GstCganColorize* self, const GstVideoInfo& info, guint delay) {
  self->state->flow.delay.choose(delay);
  take_counts(self);
  forget_undecided(self);
  GST_OBJECT_LOCK(self);
  self->state->properties.late = 0;
  GST_OBJECT_UNLOCK(self);
  take_frame_duration(self, info);
  update_latency(self);
}

void drain(GstCganColorize* self) {
  self->state->flow.idle_drain.disarm();
  push_held(self, 0);
}

void end_stream(GstCganColorize* self) {
  FrameFlow& own = self->state->flow;
  own.idle_drain.stop();
  discard_held(self);
  self->state->stream_state.forget();
  forget_reports(self);
  own.delay.choose(0);
}

}  // namespace cgan
