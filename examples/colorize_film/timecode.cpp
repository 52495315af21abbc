#include "examples/colorize_film/timecode.h"

#include <gst/video/video.h>

namespace colorize_film {
namespace {

constexpr char kForced[] = "force-create-timecode-trak";

GstPadProbeReturn stamp(GstPad*, GstPadProbeInfo* info, gpointer data) {
  const auto& [rate, drops_frames, frame] = *static_cast<const Timecode*>(data);
  GstBuffer* packet = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  info->data = packet;
  if (!GST_BUFFER_PTS_IS_VALID(packet)) return GST_PAD_PROBE_OK;  // a header
  GstVideoTimeCode code;
  gst_video_time_code_init(
      &code, static_cast<guint>(rate.frames), static_cast<guint>(rate.seconds), nullptr,
      drops_frames ? GST_VIDEO_TIME_CODE_FLAGS_DROP_FRAME : GST_VIDEO_TIME_CODE_FLAGS_NONE, 0, 0, 0,
      0, 0);
  gst_video_time_code_add_frames(&code, frame);
  gst_buffer_add_video_time_code_meta(packet, &code);
  gst_video_time_code_clear(&code);
  return GST_PAD_PROBE_REMOVE;  // the muxer counts on by itself
}

}  // namespace

bool keeps_timecode(GstElement* muxer) {
  return muxer && g_object_class_find_property(G_OBJECT_GET_CLASS(muxer), kForced);
}

void write_timecode(GstElement* muxer, GstPad* video, Timecode timecode, GstClockTime start) {
  g_object_set(muxer, kForced, TRUE, nullptr);
  timecode.frame += static_cast<uint32_t>(
      gst_util_uint64_scale_round(start, static_cast<guint64>(timecode.rate.frames),
                                  static_cast<guint64>(timecode.rate.seconds) * GST_SECOND));
  gst_pad_add_probe(video, GST_PAD_PROBE_TYPE_BUFFER, stamp, new Timecode(timecode),
                    [](gpointer data) { delete static_cast<Timecode*>(data); });
}

}  // namespace colorize_film
