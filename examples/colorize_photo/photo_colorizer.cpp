#include "examples/colorize_photo/photo_colorizer.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>

#include "examples/colorize_film/element_settings.h"

namespace colorize_photo {
namespace {

using vips::VImage;

// Of the element. What is larger is coloured as a copy that fits, what is smaller gets an edge.
constexpr int kMostColumns = 7680, kMostLines = 4320, kLeast = 16;

// The format between: whatever the depth of the picture, chroma is finer than its eight bits.
constexpr GstVideoFormat kFormat = GST_VIDEO_FORMAT_Y444_12LE;
constexpr double kTop = 4095, kNeutral = 2048;

struct SampleDelete {
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
};

// Y', Cb, Cr of BT.601, full range, as JPEG has them: codes of 12 bits, 3 bands.
VImage codes_of(const VImage& pixels) {
  const double scale = kTop / (pixels.format() == VIPS_FORMAT_USHORT ? 65535 : 255);
  const VImage rgb = pixels.bands() == 3 ? pixels : VImage::bandjoin({pixels, pixels, pixels});
  const VImage matrix = VImage::new_matrixv(3, 3, 0.299, 0.587, 0.114,            //
                                            -0.299 / 1.772, -0.587 / 1.772, 0.5,  //
                                            0.5, -0.587 / 1.402, -0.114 / 1.402);
  return rgb.recomb(matrix)
      .linear({scale, scale, scale}, {0, kNeutral, kNeutral})
      .rint()
      .cast(VIPS_FORMAT_USHORT);
}

VImage shrunk_to_fit(const VImage& pixels) {
  const double scale = std::min({1.0, kMostColumns / static_cast<double>(pixels.width()),
                                 kMostLines / static_cast<double>(pixels.height())});
  if (scale == 1) return pixels;
  const auto side = [&](int length) { return std::max(1.0, std::floor(length * scale)); };
  return pixels.resize(side(pixels.width()) / pixels.width(),
                       VImage::option()->set("vscale", side(pixels.height()) / pixels.height()));
}

VImage with_least_size(const VImage& pixels) {
  return pixels.embed(0, 0, std::max(pixels.width(), kLeast), std::max(pixels.height(), kLeast),
                      VImage::option()->set("extend", VIPS_EXTEND_COPY));
}

// A frame of kFormat that holds the codes, and its caps in `info`.
GstBuffer* frame_of(const VImage& pixels, GstVideoInfo& info) {
  const VImage codes = codes_of(pixels).copy_memory();  // decoded here
  gst_video_info_set_format(&info, kFormat, codes.width(), codes.height());
  info.colorimetry = {GST_VIDEO_COLOR_RANGE_0_255, GST_VIDEO_COLOR_MATRIX_BT601,
                      GST_VIDEO_TRANSFER_SRGB, GST_VIDEO_COLOR_PRIMARIES_BT709};
  info.fps_n = info.fps_d = 1;
  GstBuffer* frame = gst_buffer_new_allocate(nullptr, info.size, nullptr);
  if (!frame) throw std::bad_alloc();
  GST_BUFFER_PTS(frame) = 0;
  GST_BUFFER_DURATION(frame) = GST_SECOND;
  GstVideoFrame map;
  gst_video_frame_map(&map, &info, frame, GST_MAP_WRITE);
  for (int band = 0; band < 3; ++band) {
    VImage plane = codes[band];
    size_t size = 0;
    const std::unique_ptr<void, decltype(&g_free)> samples(plane.write_to_memory(&size), &g_free);
    const size_t line = sizeof(uint16_t) * static_cast<size_t>(plane.width());
    for (int y = 0; y < plane.height(); ++y)
      std::memcpy(static_cast<char*>(GST_VIDEO_FRAME_PLANE_DATA(&map, band)) +
                      static_cast<size_t>(y) * GST_VIDEO_FRAME_PLANE_STRIDE(&map, band),
                  static_cast<const char*>(samples.get()) + static_cast<size_t>(y) * line, line);
  }
  gst_video_frame_unmap(&map);
  return frame;
}

// Cb and Cr of a coloured frame as shares, copied.
VImage chroma_of(GstSample* sample) {
  GstVideoInfo info;
  gst_video_info_from_caps(&info, gst_sample_get_caps(sample));
  GstVideoFrame map;
  if (!gst_video_frame_map(&map, &info, gst_sample_get_buffer(sample), GST_MAP_READ))
    throw std::bad_alloc();
  const std::unique_ptr<GstVideoFrame, decltype(&gst_video_frame_unmap)> mapped(
      &map, &gst_video_frame_unmap);
  const auto plane = [&](int component) {
    const int stride = GST_VIDEO_FRAME_PLANE_STRIDE(&map, component);
    const size_t size = static_cast<size_t>(stride) * static_cast<size_t>(info.height);
    return VImage::new_from_memory(GST_VIDEO_FRAME_PLANE_DATA(&map, component), size,
                                   stride / static_cast<int>(sizeof(uint16_t)), info.height, 1,
                                   VIPS_FORMAT_USHORT)
        .crop(0, 0, info.width, info.height);
  };
  return plane(1).bandjoin(plane(2)).copy_memory().linear({1 / kTop, 1 / kTop},
                                                          {-kNeutral / kTop, -kNeutral / kTop});
}

VImage enlarged_to(const VImage& chroma, int width, int height) {
  if (chroma.width() == width && chroma.height() == height) return chroma;
  return chroma
      .resize(width / static_cast<double>(chroma.width()),
              VImage::option()
                  ->set("vscale", height / static_cast<double>(chroma.height()))
                  ->set("kernel", VIPS_KERNEL_LINEAR))
      .embed(0, 0, width, height, VImage::option()->set("extend", VIPS_EXTEND_COPY));
}

}  // namespace

PhotoColorizer::PhotoColorizer(const Options& options) {
  element_ = gst_element_factory_make("cgancolorize", nullptr);
  if (!element_)
    throw RunError(
        "GStreamer does not find the element cgancolorize: install the plugin, or set "
        "GST_PLUGIN_PATH.");
  pipeline_ = gst_pipeline_new(nullptr);
  source_ = gst_element_factory_make("appsrc", nullptr);
  sink_ = gst_element_factory_make("appsink", nullptr);
  if (!source_ || !sink_) {
    gst_bin_add(GST_BIN(pipeline_), element_);
    gst_clear_object(&pipeline_);
    throw RunError(
        "GStreamer does not find appsrc and appsink: install gstreamer1.0-plugins-base.");
  }
  gst_bin_add_many(GST_BIN(pipeline_), source_, element_, sink_, nullptr);
  gst_element_link_many(source_, element_, sink_, nullptr);
  g_object_set(source_, "format", GST_FORMAT_TIME, nullptr);
  g_object_set(sink_, "sync", FALSE, "wait-on-eos", FALSE, nullptr);
  // One frame only: all threads for it.
  g_object_set(element_, "max-frame-delay", 0, nullptr);
  try {
    if (options.preset) colorize_film::apply_preset(element_, *options.preset);
    colorize_film::apply_settings(element_, options.settings);
  } catch (...) {
    gst_clear_object(&pipeline_);
    throw;
  }
}

PhotoColorizer::~PhotoColorizer() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(pipeline_);
}

std::optional<VImage> PhotoColorizer::colours(const VImage& pixels) {
  const VImage small = shrunk_to_fit(pixels);
  GstVideoInfo info;
  GstBuffer* frame = frame_of(with_least_size(small), info);
  g_autoptr(GstCaps) caps = gst_video_info_to_caps(&info);
  const std::unique_ptr<GstSample, SampleDelete> coloured(colour(caps, frame));

  g_autoptr(GstStructure) stats = nullptr;
  g_object_get(element_, "stats", &stats, nullptr);
  guint64 kept = 0;
  gst_structure_get_uint64(stats, "kept", &kept);
  std::optional<VImage> colours;
  if (kept == 0)
    colours = enlarged_to(chroma_of(coloured.get()).crop(0, 0, small.width(), small.height()),
                          pixels.width(), pixels.height());
  end_stream();
  return colours;
}

// One stream of one frame, so that no picture has a say in the colours of the next.
GstSample* PhotoColorizer::colour(GstCaps* caps, GstBuffer* frame) {
  gst_app_src_set_caps(GST_APP_SRC(source_), caps);
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);  // what goes wrong is on the bus
  gst_app_src_push_buffer(GST_APP_SRC(source_), frame);
  gst_app_src_end_of_stream(GST_APP_SRC(source_));

  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline_);
  g_autoptr(GstMessage) end = gst_bus_timed_pop_filtered(
      bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  if (GST_MESSAGE_TYPE(end) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(end, &error, nullptr);
    const std::string sentence = error->message;
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    throw RunError(sentence);
  }
  GstSample* sample = gst_app_sink_try_pull_sample(GST_APP_SINK(sink_), 0);
  if (!sample) {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    throw RunError("The element cgancolorize gave no picture: see it with GST_DEBUG=3.");
  }
  return sample;
}

// The element stays in READY, where it keeps its network.
void PhotoColorizer::end_stream() {
  gst_element_set_state(pipeline_, GST_STATE_READY);
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline_);
  gst_bus_set_flushing(bus, TRUE);
  gst_bus_set_flushing(bus, FALSE);
}

}  // namespace colorize_photo
