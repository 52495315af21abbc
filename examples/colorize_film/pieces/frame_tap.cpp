#include "examples/colorize_film/pieces/frame_tap.h"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <algorithm>
#include <exception>

#include "examples/colorize_film/pieces/durable_file.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

constexpr guint kWaitingFrames = 4;
// As the element names them.
constexpr char kMark[] = "cgancolorize-mark";
constexpr char kRestore[] = "cgancolorize-restore";
constexpr char kStateMeta[] = "cgancolorize-state";

void send_to(GstPad* pad, GstStructure* what) {
  gst_pad_send_event(pad, gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, what));
}

// What follows the coloured frames gets nothing, and sleeps.
void cut_behind(const FilmPipeline& film, GstElement* sink) {
  g_autoptr(GstPad) coloured = gst_element_get_static_pad(film.coloured, "src");
  g_autoptr(GstPad) next = gst_pad_get_peer(coloured);
  gst_pad_unlink(coloured, next);
  gst_element_set_locked_state(film.muxer, TRUE);
  // A sink in the bin would be waited for.
  g_autoptr(GstPad) muxed = gst_element_get_static_pad(film.muxer, "src");
  g_autoptr(GstPad) written = gst_pad_get_peer(muxed);
  g_autoptr(GstElement) file = gst_pad_get_parent_element(written);
  gst_bin_remove(GST_BIN(film.pipeline), file);
  gst_bin_add(GST_BIN(film.pipeline), sink);
  gst_element_link(film.coloured, sink);
}

}  // namespace

uint32_t luma_checksum(GstBuffer* frame, GstCaps* caps) {
  GstVideoInfo info;
  GstVideoFrame mapped;
  if (!gst_video_info_from_caps(&info, caps) ||
      !gst_video_frame_map(&mapped, &info, frame, GST_MAP_READ))
    throw RunError("A coloured frame cannot be read: please report it.");
  const auto width = static_cast<size_t>(GST_VIDEO_FRAME_COMP_WIDTH(&mapped, 0)) *
                     static_cast<size_t>(GST_VIDEO_FRAME_COMP_PSTRIDE(&mapped, 0));
  const int stride = GST_VIDEO_FRAME_PLANE_STRIDE(&mapped, 0);
  const auto* luma = static_cast<const uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&mapped, 0));
  uint32_t sum = 0;
  for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&mapped, 0); ++y)
    sum = checksum_of(luma + static_cast<ptrdiff_t>(y) * stride, width, sum);
  gst_video_frame_unmap(&mapped);
  return sum;
}

FrameTap::FrameTap(const FilmPipeline& film, FrameTaker& taker)
    : taker_(taker),
      pipeline_(film.pipeline),
      sink_(gst_element_factory_make("appsink", "frames")) {
  if (!sink_)
    throw RunError("GStreamer's element appsink is missing: install gstreamer1.0-plugins-base.");
  g_object_set(sink_, "sync", FALSE, "async", FALSE, "max-buffers", kWaitingFrames, nullptr);
  cut_behind(film, sink_);
  GstAppSinkCallbacks callbacks = {};
  callbacks.new_sample = [](GstAppSink* sink, gpointer tap) {
    g_autoptr(GstSample) sample = gst_app_sink_pull_sample(sink);
    return sample ? static_cast<FrameTap*>(tap)->on_sample(sample) : GST_FLOW_EOS;
  };
  callbacks.eos = [](GstAppSink*, gpointer tap) { static_cast<FrameTap*>(tap)->on_end(); };
  gst_app_sink_set_callbacks(GST_APP_SINK(sink_), &callbacks, this, nullptr);

  g_autoptr(GstPad) grey = gst_element_get_static_pad(film.colorizer, "sink");
  gst_pad_add_probe(
      grey, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer tap) {
        return static_cast<FrameTap*>(tap)->on_grey(pad, GST_PAD_PROBE_INFO_BUFFER(info));
      },
      this, nullptr);
  g_autoptr(GstPad) coloured = gst_element_get_static_pad(film.colorizer, "src");
  gst_pad_add_probe(
      coloured, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad*, GstPadProbeInfo* info, gpointer tap) {
        static_cast<FrameTap*>(tap)->on_coloured(GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

FrameTap::~FrameTap() = default;

void FrameTap::enter(const Border& border) {
  entry_ = border;
  is_entering_ = is_unchecked_ = true;
  last_border_ = last_mark_ = border.time;
}

GstClockTime FrameTap::time_of(GstPad* pad, const GstBuffer* frame) const {
  const GstSegment segment = segment_of(pad);
  const GstClockTime begin = GST_BUFFER_PTS(frame);
  const GstClockTime time = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, begin);
  // What begins where the segment ends is outside, as it is for encoders.
  const bool is_wanted = GST_CLOCK_TIME_IS_VALID(time) &&
                         gst_segment_clip(&segment, GST_FORMAT_TIME, begin,
                                          begin + GST_BUFFER_DURATION(frame), nullptr, nullptr);
  return is_wanted ? time + origin_ : GST_CLOCK_TIME_NONE;
}

GstPadProbeReturn FrameTap::on_grey(GstPad* pad, const GstBuffer* frame) {
  const GstClockTime time = time_of(pad, frame);
  if (has_left_ || !GST_CLOCK_TIME_IS_VALID(time)) return GST_PAD_PROBE_DROP;
  if (is_entering_ && time < entry_.time) return GST_PAD_PROBE_DROP;
  if (GST_CLOCK_TIME_IS_VALID(end_) && time >= end_) {
    if (more_-- <= 0) {
      has_left_ = true;
      gst_pad_send_event(pad, gst_event_new_eos());
      return GST_PAD_PROBE_DROP;
    }
    if (!std::exchange(has_marked_end_, true)) send_to(pad, gst_structure_new_empty(kMark));
  }
  if (std::exchange(is_entering_, false) && entry_.state)
    send_to(pad, gst_structure_new(kRestore, "state", G_TYPE_BYTES, entry_.state.get(), nullptr));
  const GstClockTime since = std::max<GstClockTime>(last_border_, last_mark_);
  if (interval_ > 0 && time >= since + interval_) {
    last_mark_ = time;
    send_to(pad, gst_structure_new_empty(kMark));
  }
  return GST_PAD_PROBE_OK;
}

void FrameTap::on_coloured(GstBuffer* frame) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(frame, kStateMeta);
  if (!meta) return;
  GBytes* bytes = nullptr;
  gboolean changes_shot = FALSE;
  const GstStructure* what = gst_custom_meta_get_structure(meta);
  gst_structure_get(what, "state", G_TYPE_BYTES, &bytes, nullptr);
  gst_structure_get(what, "changes-shot", G_TYPE_BOOLEAN, &changes_shot, nullptr);
  std::lock_guard lock(mutex_);
  told_[GST_BUFFER_PTS(frame)] = {bytes ? State(bytes, g_bytes_unref) : nullptr,
                                  changes_shot != FALSE};
}

void FrameTap::check_entry(const ColouredFrame& frame) {
  if (!std::exchange(is_unchecked_, false)) return;
  if (frame.time == entry_.time &&
      (!entry_.state || luma_checksum(frame.buffer, frame.caps) == entry_.luma))
    return;
  is_wrong_ = true;
  throw RunError(
      "The film gives other frames than it did when its pieces began: its decoder or its file "
      "was exchanged. Begin anew with --force.");
}

GstFlowReturn FrameTap::on_sample(GstSample* sample) {
  ColouredFrame frame = {gst_sample_get_buffer(sample), gst_sample_get_caps(sample),
                         GST_CLOCK_TIME_NONE, nullptr, false};
  const GstClockTime time = gst_segment_to_running_time(
      gst_sample_get_segment(sample), GST_FORMAT_TIME, GST_BUFFER_PTS(frame.buffer));
  frame.time = time + origin_;
  {
    std::lock_guard lock(mutex_);
    const auto told = told_.find(GST_BUFFER_PTS(frame.buffer));
    if (told != told_.end()) {
      frame.state = told->second.state;
      frame.changes_shot = told->second.changes_shot;
      told_.erase(told);
    }
  }
  try {
    check_entry(frame);
    taker_.take(frame);
    return GST_FLOW_OK;
  } catch (const std::exception& error) {
    post_end(error.what());
    return GST_FLOW_ERROR;
  }
}

void FrameTap::on_end() {
  try {
    taker_.end();
    if (has_left_) post_end("");
  } catch (const std::exception& error) {
    post_end(error.what());
  }
}

void FrameTap::post_end(const std::string& sentence) {
  GstStructure* what = gst_structure_new_empty(kEnded);
  if (!sentence.empty())
    gst_structure_set(what, "sentence", G_TYPE_STRING, sentence.c_str(), nullptr);
  gst_element_post_message(pipeline_, gst_message_new_application(GST_OBJECT(pipeline_), what));
}

}  // namespace colorize_film
