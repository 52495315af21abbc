#pragma once

// What the element does about time: late frames, the latency that held frames mean, how many of
// them are of use, the statistics every so often. A frame that is late carries its colour, see
// quality.h, if the property "qos" is on; "qos" off colours every frame in full.

#include <gst/video/video.h>

#include "plugin/element/gstcgancolorize.h"
#include "plugin/element/quality.h"
#include "plugin/element/report.h"
#include "plugin/element/undecided_frames.h"

namespace cgan {

struct LatencyQos {
  // Under the object lock.
  Quality quality;
  GstClockTime latency = 0;  // of the frames that are held
  bool is_live = false;      // upstream; by the last LATENCY query

  // Of the streaming thread.
  QosAction action = QosAction::kNone;  // for the frame that goes out next
  UndecidedFrames undecided;
  QualityCounts counts;
  ReportClock report;
  GstClockTime frame_duration = GST_SECOND / 25;  // so much where caps name no rate
};

// Sets the vmethods src_event and query.
void install_latency_qos(GstBaseTransformClass* base);

// The rest belongs to the streaming thread, or to the one that changes states while no data flows.

// How many frames beside the lookahead are to be on their way at once in a stream that begins: as
// the property wants, which may leave it to whether upstream is live. Asks upstream.
guint choose_delay(GstCganColorize* self, const GstVideoInfo& info);
// How long a frame of the stream that begins lasts.
void take_frame_duration(GstCganColorize* self, const GstVideoInfo& info);
// The number of frames that are held may be another; tells the pipeline if the latency is.
void update_latency(GstCganColorize* self);

// Decides about the frame that goes out next; none about NULL.
void judge(GstCganColorize* self, GstBuffer* frame);
// Forgets what was said about lateness: it was of frames before a jump.
void forget_lateness(GstCganColorize* self);
// The same, and begins the totals anew.
void forget_reports(GstCganColorize* self);

// The colorizer holds no frames, and takes another one in: of so many pictures.
void forget_undecided(GstCganColorize* self);
void await_decision(GstCganColorize* self, GstBuffer* frame, guint pictures);
// Messages about the frames that have been found to carry their colour because they were late, one
// that was dropped, and the statistics where they are due. The first says nothing of a late frame
// that begins a shot.
void tell_carried(GstCganColorize* self);
void tell_dropped(GstCganColorize* self, GstBuffer* frame);
void tell_stats(GstCganColorize* self, GstBuffer* frame);

}  // namespace cgan
