#pragma once

// What the element does about time: late frames, frames that wait for later ones and the latency
// they mean, the statistics every so often. It makes up the vmethods between the base class's
// chain function and `transform`, which colours one frame.
//
//   chain ──> submit_input_buffer: is a frame late? with a lookahead: observe and hold it
//         ──> generate_output:     the earliest held frame, once enough later ones are there
//
// Frames that are held go out early, with fewer later ones seen, before a serialized event, a
// change of caps and a jump; so they stay in order with all that happens around them. Only tags, of
// which parsers send many, wait in their place among the frames. A flush discards the frames. A
// frame that is late carries its colour, see quality.h, if the property "qos" is on; "qos" off
// colours every frame in full.

#include <gst/video/video.h>

#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/element/gstcgancolorize.h"
#include "plugin/element/lookahead.h"
#include "plugin/element/quality.h"
#include "plugin/element/report.h"

namespace cgan {

struct Live {
  // Under the object lock.
  Quality quality;
  GstClockTime latency = 0;  // of the frames that are held
  bool is_live = false;      // upstream; by the last LATENCY query

  // Of the streaming thread.
  HeldFrames held;
  Help help = Help::kNone;  // for the frame that goes out next
  QualityCounts counts;
  ReportClock report;
  GstClockTime frame_duration = GST_SECOND / 25;  // so much where caps name no rate
};

// Sets the vmethods src_event, query, propose_allocation, submit_input_buffer and generate_output.
void install_live(GstBaseTransformClass* base);

// The rest belongs to the streaming thread, or to the one that changes states while no data flows.

// Colours all held frames and pushes them, as the present caps and segment want.
void drain(GstCganColorize* self);
// Whether the event waits among the held frames; takes it if so.
bool hold_event(GstCganColorize* self, GstEvent* event);
// Forgets what was said about lateness: it was of frames before a jump.
void forget_lateness(GstCganColorize* self);
// The same, and discards what is held and begins the totals anew: after a flush and at the end.
void forget_time(GstCganColorize* self);
// The colorizer has been told of a new stream.
void begin_stream(GstCganColorize* self, const GstVideoInfo& info);
// The colorizer may be a new one; tells the pipeline if the latency changes.
void update_latency(GstCganColorize* self);

// Gives controlled properties their values at the time of `frame`.
void sync_properties(GstCganColorize* self, GstBuffer* frame);
// Publishes what the colorizer has counted.
void take_counts(GstCganColorize* self);
// What the next frame is coloured with, as properties and lateness want.
CganLook next_look(GstCganColorize* self);

}  // namespace cgan
