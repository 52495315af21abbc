#pragma once

// The way of a frame through the element: the vmethods between the base class's chain function and
// the colorizer.
//
//   chain ──> before_transform:    does the frame go on with the scene before it?
//         ──> submit_input_buffer: is a frame late? where frames are held: submit and hold it
//         ──> generate_output:     the earliest held frame, once enough later ones are there
//         ──> transform:           colours it
//
// A frame is held for `lookahead` later ones, which have a say in its colour, and for as many more
// as the delay allows to be on their way at once. Frames that are held go out early, with fewer
// later ones seen, before a serialized event, a change of caps and a jump; so they stay in order
// with all that happens around them. Only tags, of which parsers send many, wait in their place
// among the frames. A flush discards the frames.
//
// Where nobody has asked for a delay, frames that wait for it alone go out when no other has come
// for a while after them (frame_delay.h).

#include <gst/video/video.h>

#include "plugin/element/frame_delay.h"
#include "plugin/element/gstcgancolorize.h"
#include "plugin/element/held_frames.h"
#include "plugin/element/idle_drain.h"

namespace cgan {

// Of the streaming thread, whoever is it: the holder of the sink pad's stream lock.
struct FrameFlow {
  explicit FrameFlow(GstCganColorize* self);

  HeldFrames held;
  FrameDelay delay;
  IdleDrain idle_drain;
  // What the frames so far say about the next one ends with these.
  bool is_jump = false;
  GstClockTime last_time = GST_CLOCK_TIME_NONE;  // of the last frame
  GstSegment segment = {};                       // in which the last frame lay
};

// Sets the vmethods above, transform_ip and sink_event.
void install_frame_flow(GstBaseTransformClass* base);

// The rest belongs to the streaming thread, or to the one that changes states while no data flows.

// The colorizer has been told of a new stream, with this delay.
void begin_stream(GstCganColorize* self, const GstVideoInfo& info, guint delay);
// Colours all held frames and pushes them, as the present caps and segment want.
void drain(GstCganColorize* self);
// No frames flow any more: what waits is discarded.
void end_stream(GstCganColorize* self);

}  // namespace cgan
