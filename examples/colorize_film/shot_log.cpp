#include "examples/colorize_film/shot_log.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "examples/colorize_film/mapped_frame.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

constexpr int kColumns = 64, kRows = 48;  // of the grid of points
constexpr float kStill = 2;               // codes of luma

guint64 count_of(const GstStructure* stats, const char* name) {
  guint64 value = 0;
  gst_structure_get_uint64(stats, name, &value);
  return value;
}

// Codes of one component at the points, scaled to 8 bits.
std::vector<float> codes_of(const MappedFrame& frame, int component) {
  const Codes codes(frame, component);
  const float scale = std::ldexp(1.0F, 8 - codes.depth());
  const int width = frame.width(component);
  const int height = frame.height(component);
  std::vector<float> values;
  values.reserve(kColumns * kRows);
  for (int row = 0; row < kRows; ++row)
    for (int column = 0; column < kColumns; ++column)
      values.push_back(scale *
                       static_cast<float>(codes.read((2 * column + 1) * width / (2 * kColumns),
                                                     (2 * row + 1) * height / (2 * kRows))));
  return values;
}

float mean_from_grey(const std::vector<float>& chroma) {
  constexpr float kGrey = 128;
  float sum = 0;
  for (const float code : chroma) sum += code - kGrey;
  return sum / static_cast<float>(chroma.size());
}

}  // namespace

ShotLog::ShotLog()
    : mill_("videoconvertscale ! video/x-raw,format=I420,width=" + std::to_string(kPictureWidth) +
            ",pixel-aspect-ratio=1/1 ! jpegenc quality=60"),
      started_us_(g_get_monotonic_time()) {}

void ShotLog::watch(const FilmPipeline& film) {
  colorizer_ = film.colorizer;
  g_autoptr(GstPad) grey = gst_element_get_static_pad(film.colorizer, "sink");
  gst_pad_add_probe(
      grey, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer log) {
        static_cast<ShotLog*>(log)->originals_.keep_original(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
  g_autoptr(GstPad) coloured = gst_element_get_static_pad(film.coloured, "src");
  gst_pad_add_probe(
      coloured, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* pad, GstPadProbeInfo* info, gpointer log) {
        static_cast<ShotLog*>(log)->on_coloured(pad, GST_PAD_PROBE_INFO_BUFFER(info));
        return GST_PAD_PROBE_OK;
      },
      this, nullptr);
}

void ShotLog::add_warning(const std::string& sentence) {
  std::lock_guard lock(mutex_);
  warnings_.push_back(sentence);
}

RunNotes ShotLog::take_before(GstClockTime end) {
  RunNotes taken;
  const auto frames = std::find_if(notes_.frames.begin(), notes_.frames.end(),
                                   [end](const FrameMeasure& frame) { return frame.time >= end; });
  taken.frames.assign(notes_.frames.begin(), frames);
  notes_.frames.erase(notes_.frames.begin(), frames);
  const auto pictures =
      std::find_if(notes_.pictures.begin(), notes_.pictures.end(),
                   [end](const ShotPicture& picture) { return picture.time >= end; });
  taken.pictures.assign(notes_.pictures.begin(), pictures);
  notes_.pictures.erase(notes_.pictures.begin(), pictures);
  const gint64 now_us = g_get_monotonic_time();
  taken.seconds = static_cast<double>(now_us - started_us_) / G_USEC_PER_SEC;
  started_us_ = now_us;
  std::lock_guard lock(mutex_);
  taken.warnings.swap(warnings_);
  return taken;
}

ShotLog::Points ShotLog::points_of(GstSample* coloured) {
  const MappedFrame frame(coloured, GST_MAP_READ);
  return {codes_of(frame, 0), codes_of(frame, 1), codes_of(frame, 2)};
}

FrameMeasure ShotLog::measure(const Points& points, bool begins_shot) const {
  FrameMeasure one;
  one.cb = mean_from_grey(points.cb);
  one.cr = mean_from_grey(points.cr);
  one.begins_shot = begins_shot;
  if (begins_shot || last_.luma.empty()) return one;
  float change = 0;
  int still = 0;
  for (size_t i = 0; i < points.luma.size(); ++i) {
    if (std::abs(points.luma[i] - last_.luma[i]) > kStill) continue;
    ++still;
    change += (std::abs(points.cb[i] - last_.cb[i]) + std::abs(points.cr[i] - last_.cr[i])) / 2;
  }
  one.flicker = still > 0 ? change / static_cast<float>(still) : 0;
  return one;
}

// In the thread in which the element has just counted this frame.
void ShotLog::on_coloured(GstPad* pad, GstBuffer* frame) {
  const GstSegment segment = segment_of(pad);
  const GstClockTime time =
      gst_segment_to_running_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(frame));
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  g_autoptr(GstSample) coloured = gst_sample_new(frame, caps, &segment, nullptr);
  g_autoptr(GstStructure) stats = nullptr;
  g_object_get(colorizer_, "stats", &stats, nullptr);
  try {
    add(coloured, stats, time + origin_);
  } catch (const RunError& error) {
    GST_ELEMENT_ERROR(colorizer_, STREAM, FAILED, ("%s", error.what()), (nullptr));
  }
}

void ShotLog::add(GstSample* coloured, const GstStructure* stats, GstClockTime time) {
  const GstBuffer* buffer = gst_sample_get_buffer(coloured);
  const guint64 cuts = count_of(stats, "cuts");
  const guint64 kept = count_of(stats, "kept");
  const bool is_first = last_.luma.empty();
  Points points = points_of(coloured);
  FrameMeasure one = measure(points, cuts != cuts_);
  one.time = time;
  one.length = GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : 0;
  one.is_kept = kept > kept_;
  cuts_ = cuts;
  kept_ = kept;
  last_ = std::move(points);
  notes_.frames.push_back(one);

  // Taken in any case: originals that nobody takes would pile up.
  g_autoptr(GstSample) original = originals_.take_original(GST_BUFFER_PTS(buffer));
  const bool is_new = is_first || one.begins_shot;
  if (is_new) picture_time_ = time + kPictureTime;
  const GstClockTime end = time + one.length;
  if (!original || (!is_new && end < picture_time_)) return;
  if (end >= picture_time_) picture_time_ = GST_CLOCK_TIME_NONE;
  take_picture(original, coloured, time);
}

void ShotLog::take_picture(GstSample* original, GstSample* coloured, GstClockTime time) {
  g_autoptr(GstSample) both = side_by_side(original, coloured);
  g_autoptr(GstSample) picture = mill_.turn(both);
  notes_.pictures.push_back({time, bytes_of(picture)});
}

}  // namespace colorize_film
