#include "examples/colorize_film/shot_log.h"

#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "examples/colorize_film/mapped_frame.h"

namespace colorize_film {
namespace {

constexpr int kColumns = 64, kRows = 48;  // of the grid of points
constexpr float kStill = 2;               // codes of luma
constexpr GstClockTime kPictureTime = GST_SECOND / 2;

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

std::string chain(int width) {
  return "videoconvertscale ! video/x-raw,format=I420,width=" + std::to_string(width) +
         ",pixel-aspect-ratio=1/1 ! jpegenc quality=60";
}

}  // namespace

ShotLog::ShotLog() : mill_(chain(kPictureWidth)), small_mill_(chain(kPictureWidth / 2)) {}

ShotLog::Points ShotLog::points_of(GstSample* coloured) {
  const MappedFrame frame(coloured, GST_MAP_READ);
  return {codes_of(frame, 0), codes_of(frame, 1), codes_of(frame, 2)};
}

FrameMeasure ShotLog::measure(const Points& points, bool is_new_shot) const {
  FrameMeasure one;
  one.cb = mean_from_grey(points.cb);
  one.cr = mean_from_grey(points.cr);
  if (is_new_shot || last_.luma.empty()) return one;
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

void ShotLog::add(GstSample* coloured, const GstStructure* stats) {
  const GstBuffer* buffer = gst_sample_get_buffer(coloured);
  const GstClockTime time = gst_segment_to_running_time(gst_sample_get_segment(coloured),
                                                        GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  const guint64 cuts = count_of(stats, "cuts");
  const guint64 kept = count_of(stats, "kept");
  const bool is_new_shot = shots_.empty() || cuts != cuts_;
  if (is_new_shot) shots_.push_back({time, time, 0, 0, 0, 0, 0, {}});
  cuts_ = cuts;

  Points points = points_of(coloured);
  FrameMeasure one = measure(points, is_new_shot);
  one.time = time;
  one.is_kept = kept > kept_;
  kept_ = kept;
  last_ = std::move(points);
  frames_.push_back(one);

  Shot& shot = shots_.back();
  const auto frames = static_cast<double>(++shot.frames);
  shot.kept += one.is_kept ? 1 : 0;
  shot.cb += (one.cb - shot.cb) / frames;
  shot.cr += (one.cr - shot.cr) / frames;
  shot.flicker += (one.flicker - shot.flicker) / frames;
  const GstClockTime length =
      GST_BUFFER_DURATION_IS_VALID(buffer) ? GST_BUFFER_DURATION(buffer) : 0;
  const bool is_due = is_new_shot || (shot.end < shot.start + kPictureTime &&
                                      time + length >= shot.start + kPictureTime);
  shot.end = time + length;
  // Taken in any case: originals that nobody takes would pile up.
  g_autoptr(GstSample) original = originals_.take_original(GST_BUFFER_PTS(buffer));
  if (is_due && original) take_picture(original, coloured);
}

void ShotLog::take_picture(GstSample* original, GstSample* coloured) {
  g_autoptr(GstSample) both = side_by_side(original, coloured);
  g_autoptr(GstSample) picture = (shots_.size() > kManyShots ? small_mill_ : mill_).turn(both);
  GstMapInfo map;
  if (!gst_buffer_map(gst_sample_get_buffer(picture), &map, GST_MAP_READ)) return;
  shots_.back().picture.assign(reinterpret_cast<const char*>(map.data), map.size);
  gst_buffer_unmap(gst_sample_get_buffer(picture), &map);
}

}  // namespace colorize_film
