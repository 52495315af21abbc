#include "examples/colorize_film/lost_frames.h"

#include <algorithm>

#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

bool has_one_of(GstElement* parser, std::initializer_list<const char*> demuxers) {
  return std::any_of(demuxers.begin(), demuxers.end(),
                     [parser](const char* name) { return contains(parser, name); });
}

}  // namespace

void LostFrames::watch(GstElement* parser, const GstCaps* coded, GstPad* packets, GstPad* frames,
                       GstClockTime origin) {
  // VP8 has packets that are never shown, Theora begins with headers.
  has_index_ = has_one_of(parser, {"matroskademux", "qtdemux", "avidemux"}) &&
               !is_kind(coded, "video/x-vp8") && !is_kind(coded, "video/x-theora");
  has_clock_ = has_one_of(parser, {"tsdemux", "mpegpsdemux"});
  origin_ = origin;
  gst_pad_add_probe(
      packets, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer lost) {
        static_cast<LostFrames*>(lost)->on_packet(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  gst_pad_add_probe(
      frames, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer lost) {
        static_cast<LostFrames*>(lost)->on_frame(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

// Packets and frames without a time lie at the beginning.
void LostFrames::add(GstPad* pad, GstClockTime time, int64_t frames) {
  const GstSegment segment = segment_of(pad);
  const GstClockTime running = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, time);
  lost_.add(GST_CLOCK_TIME_IS_VALID(running) ? running + origin_ : 0, frames);
}

void LostFrames::on_packet(GstPad* pad, GstBuffer* packet) {
  // Empty ones repeat a frame (AVI), those outside the segment only help to decode (cut MP4).
  if (!has_index_ || gst_buffer_get_size(packet) == 0) return;
  const GstSegment segment = segment_of(pad);
  const GstClockTime time = GST_BUFFER_PTS(packet);
  if (!GST_CLOCK_TIME_IS_VALID(time) ||
      gst_segment_clip(&segment, GST_FORMAT_TIME, time, time, nullptr, nullptr))
    add(pad, time, 1);
}

void LostFrames::on_frame(GstPad* pad, const GstBuffer* frame) {
  const GstClockTime time = GST_BUFFER_PTS(frame);
  if (has_index_) return add(pad, time, -1);
  const GstClockTime length = GST_BUFFER_DURATION(frame);
  if (!has_clock_ || !GST_CLOCK_TIME_IS_VALID(time) || !GST_CLOCK_TIME_IS_VALID(length) ||
      length == 0)
    return;
  // A repeated field (telecine) lengthens a frame by half.
  const auto gaps = GST_CLOCK_TIME_IS_VALID(expected_) && time > expected_
                        ? static_cast<int64_t>((time - expected_ + length / 4) / length)
                        : 0;
  if (gaps > 0) add(pad, time, gaps);
  expected_ = time + length;
}

}  // namespace colorize_film
