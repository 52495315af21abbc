#include "examples/colorize_film/frame_pairs.h"

#include "examples/colorize_film/mapped_frame.h"
#include "examples/colorize_film/options.h"

namespace colorize_film {
namespace {

constexpr GstClockTime kConversionTimeout = 30 * GST_SECOND;

unsigned at_depth(unsigned code, int from, int to, bool is_full_range) {
  if (from == to) return code;
  if (!is_full_range) return from < to ? code << (to - from) : code >> (from - to);
  const auto most = [](int depth) { return (1ULL << depth) - 1; };
  return static_cast<unsigned>((code * most(to) * 2 + most(from)) / (2 * most(from)));
}

// Copies one component of `from` to `to` at column `left` of that component's grid, `width` samples
// of it. A component that `from` does not have (the chroma of grey) becomes neutral.
void place(const MappedFrame& from, const MappedFrame& to, int component, int left, int width) {
  const Codes target(to, component);
  const bool is_present = component < static_cast<int>(GST_VIDEO_FRAME_N_COMPONENTS(from.get()));
  const Codes source(from, is_present ? component : 0);
  const bool is_full_range =
      component == 0 && to->info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
  const int height = to.height(component);
  const int columns = is_present ? from.width(component) : 0;
  const int rows = is_present ? from.height(component) : 0;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      // Grids of chroma may differ: the nearest sample before.
      const unsigned code = is_present ? source.read(x * columns / width, y * rows / height)
                                       : 1U << (source.depth() - 1);
      target.write(left + x, y, at_depth(code, source.depth(), target.depth(), is_full_range));
    }
}

}  // namespace

FramePairs::~FramePairs() {
  for (GstSample* sample : originals_) gst_sample_unref(sample);
}

void FramePairs::keep_original(GstPad* pad, GstBuffer* buffer) {
  g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
  std::lock_guard lock(mutex_);
  originals_.push_back(gst_sample_new(buffer, caps, nullptr, nullptr));
}

GstSample* FramePairs::take_original(GstClockTime pts) {
  std::lock_guard lock(mutex_);
  for (auto item = originals_.begin(); item != originals_.end(); ++item) {
    if (GST_BUFFER_PTS(gst_sample_get_buffer(*item)) != pts) continue;
    GstSample* found = *item;
    for (auto older = originals_.begin(); older != item; ++older) gst_sample_unref(*older);
    originals_.erase(originals_.begin(), item + 1);
    return found;
  }
  return nullptr;
}

GstSample* side_by_side(GstSample* original, GstSample* coloured) {
  GstVideoInfo info;
  gst_video_info_from_caps(&info, gst_sample_get_caps(coloured));
  const int half = GST_ROUND_UP_2(GST_VIDEO_INFO_WIDTH(&info));

  GstCaps* caps = gst_caps_copy(gst_sample_get_caps(coloured));
  gst_caps_set_simple(caps, "width", G_TYPE_INT, 2 * half, nullptr);
  GstVideoInfo wide;
  gst_video_info_from_caps(&wide, caps);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&wide), nullptr);
  gst_buffer_memset(buffer, 0, 0, GST_VIDEO_INFO_SIZE(&wide));
  gst_buffer_copy_into(buffer, gst_sample_get_buffer(coloured), GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  GstSample* picture = gst_sample_new(buffer, caps, gst_sample_get_segment(coloured), nullptr);
  gst_buffer_unref(buffer);
  gst_caps_unref(caps);

  try {
    const MappedFrame left(original, GST_MAP_READ);
    const MappedFrame right(coloured, GST_MAP_READ);
    const MappedFrame both(picture, GST_MAP_WRITE);
    constexpr int kComponents = 3;
    for (int component = 0; component < kComponents; ++component) {
      const int width = right.width(component);
      const int middle = both.width(component) / 2;
      place(left, both, component, 0, width);
      place(right, both, component, middle, width);
    }
  } catch (...) {
    gst_sample_unref(picture);
    throw;
  }
  return picture;
}

void write_png(GstSample* picture, PartFile& file) {
  GstVideoInfo info;
  gst_video_info_from_caps(&info, gst_sample_get_caps(picture));
  const int width = static_cast<int>(
      gst_util_uint64_scale_int_round(static_cast<guint64>(GST_VIDEO_INFO_WIDTH(&info)),
                                      GST_VIDEO_INFO_PAR_N(&info), GST_VIDEO_INFO_PAR_D(&info)));
  // In two steps: asked for a PNG at once, GStreamer would add a channel of opacity.
  g_autoptr(GstCaps) rgb_caps =
      gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "RGB", "width", G_TYPE_INT, width,
                          "height", G_TYPE_INT, GST_VIDEO_INFO_HEIGHT(&info), "pixel-aspect-ratio",
                          GST_TYPE_FRACTION, 1, 1, nullptr);
  g_autoptr(GstCaps) png_caps = gst_caps_new_empty_simple("image/png");
  g_autoptr(GError) error = nullptr;
  g_autoptr(GstSample) rgb =
      gst_video_convert_sample(picture, rgb_caps, kConversionTimeout, &error);
  g_autoptr(GstSample) png =
      rgb ? gst_video_convert_sample(rgb, png_caps, kConversionTimeout, &error) : nullptr;
  if (!png)
    throw RunError("Cannot make the picture '" + file.final_path() + "': " + error->message);

  GstMapInfo map;
  gst_buffer_map(gst_sample_get_buffer(png), &map, GST_MAP_READ);
  const bool is_written =
      g_file_set_contents(file.path().c_str(), reinterpret_cast<char*>(map.data),
                          static_cast<gssize>(map.size), &error);
  gst_buffer_unmap(gst_sample_get_buffer(png), &map);
  if (!is_written)
    throw RunError("Cannot write the picture '" + file.final_path() + "': " + error->message + ".");
  file.keep();
}

}  // namespace colorize_film
