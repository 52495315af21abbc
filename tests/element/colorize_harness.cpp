#include "tests/element/colorize_harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace {

// gst_deinit lets the leaks tracer of the test environment report.
class GStreamer : public testing::Environment {
 public:
  void SetUp() override { gst_init(nullptr, nullptr); }
  void TearDown() override { gst_deinit(); }
};
[[maybe_unused]] testing::Environment* const kGStreamer =
    testing::AddGlobalTestEnvironment(new GStreamer);

GstVideoInfo info_of(const std::string& text) {
  GstCaps* caps = gst_caps_from_string(text.c_str());
  GstVideoInfo info;
  EXPECT_TRUE(gst_video_info_from_caps(&info, caps)) << text;
  gst_caps_unref(caps);
  return info;
}

uint8_t* row_of(GstVideoFrame& frame, guint plane, int y) {
  return static_cast<uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, plane)) +
         static_cast<gsize>(y) * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, plane);
}

int row_bytes(const GstVideoFrame& frame, guint plane) {
  return GST_VIDEO_FRAME_COMP_WIDTH(&frame, plane) * GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, plane);
}

void paint(GstBuffer* buffer, const GstVideoInfo& info) {
  GstVideoFrame frame;
  ASSERT_TRUE(gst_video_frame_map(&frame, &info, buffer, GST_MAP_WRITE));
  const int depth = GST_VIDEO_FRAME_COMP_DEPTH(&frame, 0);
  const int bytes = GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, 0);
  for (int y = 0; y < GST_VIDEO_FRAME_HEIGHT(&frame); ++y) {
    uint8_t* row = row_of(frame, 0, y);
    for (int x = 0; x < GST_VIDEO_FRAME_WIDTH(&frame); ++x) {
      const int code = ((x * 7 + y * 31 + 13) * (depth > 8 ? 257 : 1)) & ((1 << depth) - 1);
      const int bits = code << GST_VIDEO_FORMAT_INFO_SHIFT(info.finfo, 0);
      for (int i = 0; i < bytes; ++i) row[x * bytes + i] = static_cast<uint8_t>(bits >> (8 * i));
    }
  }
  for (guint plane = 1; plane < GST_VIDEO_FRAME_N_PLANES(&frame); ++plane) {
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, plane); ++y) {
      std::fill_n(row_of(frame, plane, y), row_bytes(frame, plane), uint8_t{77});
    }
  }
  gst_video_frame_unmap(&frame);
}

}  // namespace

GstElement* make_colorize(Properties properties) {
  GstElement* element = gst_element_factory_make("cgancolorize", nullptr);
  if (element == nullptr) {
    ADD_FAILURE() << "the plugin is not in GST_PLUGIN_PATH";
    std::abort();
  }
  for (const auto& [name, value] : properties) {
    gst_util_set_object_arg(G_OBJECT(element), name, value);
  }
  return element;
}

bool accepts(GstElement* element, const std::string& text) {
  GstPad* pad = gst_element_get_static_pad(element, "sink");
  GstCaps* caps = gst_caps_from_string(text.c_str());
  const bool result = gst_pad_query_accept_caps(pad, caps);
  gst_caps_unref(caps);
  gst_object_unref(pad);
  return result;
}

std::vector<ErrorMessage> take_errors(GstBus* bus) {
  std::vector<ErrorMessage> errors;
  while (GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR)) {
    GError* error = nullptr;
    gchar* debug = nullptr;
    gst_message_parse_error(message, &error, &debug);
    errors.push_back({error->domain, error->code, error->message, debug != nullptr ? debug : ""});
    g_error_free(error);
    g_free(debug);
    gst_message_unref(message);
  }
  return errors;
}

ColorizeHarness::ColorizeHarness(Properties properties) : bus_(gst_bus_new()) {
  GstElement* element = make_colorize(properties);
  gst_element_set_bus(element, bus_);
  harness_ = gst_harness_new_with_element(element, "sink", "src");
  gst_object_unref(element);
}

ColorizeHarness::~ColorizeHarness() {
  gst_element_set_bus(harness_->element, nullptr);
  gst_harness_teardown(harness_);
  gst_object_unref(bus_);
}

void ColorizeHarness::set_caps(const std::string& in, const std::string& downstream) {
  gst_harness_set_sink_caps_str(harness_, downstream.c_str());
  gst_harness_set_src_caps_str(harness_, in.c_str());
}

GstBuffer* ColorizeHarness::through(GstBuffer* frame) {
  if (gst_harness_push(harness_, frame) != GST_FLOW_OK) return nullptr;
  return gst_harness_pull(harness_);
}

std::string ColorizeHarness::warning() {
  GstMessage* found = message(GST_MESSAGE_WARNING);
  if (found == nullptr) return {};
  GError* warning = nullptr;
  gst_message_parse_warning(found, &warning, nullptr);
  const std::string text = warning->message;
  g_error_free(warning);
  gst_message_unref(found);
  return text;
}

std::string ColorizeHarness::out_caps() const {
  GstCaps* caps = gst_pad_get_current_caps(harness_->sinkpad);
  if (caps == nullptr) return {};
  gchar* text = gst_caps_to_string(caps);
  const std::string result = text;
  g_free(text);
  gst_caps_unref(caps);
  return result;
}

std::string caps_text(const std::string& format, int width, int height, const std::string& more) {
  return "video/x-raw, format=" + format + ", width=" + std::to_string(width) +
         ", height=" + std::to_string(height) + ", framerate=25/1" +
         (more.empty() ? "" : ", " + more);
}

GstBuffer* make_frame(const std::string& caps) {
  const GstVideoInfo info = info_of(caps);
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr);
  paint(buffer, info);
  return buffer;
}

GstBuffer* make_padded_frame(const std::string& caps, int padding, int gap) {
  const GstVideoInfo info = info_of(caps);
  gsize offsets[GST_VIDEO_MAX_PLANES] = {};
  gint strides[GST_VIDEO_MAX_PLANES] = {};
  gsize size = 0;
  for (guint plane = 0; plane < GST_VIDEO_INFO_N_PLANES(&info); ++plane) {
    strides[plane] = GST_VIDEO_INFO_PLANE_STRIDE(&info, plane) + padding;
    offsets[plane] = size + static_cast<gsize>(gap);
    size = offsets[plane] +
           static_cast<gsize>(strides[plane]) * GST_VIDEO_INFO_COMP_HEIGHT(&info, plane);
  }
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
  gst_buffer_memset(buffer, 0, 201, size);
  gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_INFO_FORMAT(&info),
                                 GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info),
                                 GST_VIDEO_INFO_N_PLANES(&info), offsets, strides);
  paint(buffer, info);
  return buffer;
}

std::vector<uint8_t> plane_of(GstBuffer* buffer, const std::string& caps, guint plane) {
  const GstVideoInfo info = info_of(caps);
  GstVideoFrame frame;
  std::vector<uint8_t> bytes;
  if (!gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ)) {
    ADD_FAILURE() << "not a frame of " << caps;
    return bytes;
  }
  for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, plane); ++y) {
    const uint8_t* row = row_of(frame, plane, y);
    bytes.insert(bytes.end(), row, row + row_bytes(frame, plane));
  }
  gst_video_frame_unmap(&frame);
  return bytes;
}

std::vector<int> codes_of(GstBuffer* buffer, const std::string& caps, guint component,
                          GstMapFlags flags) {
  const GstVideoInfo info = info_of(caps);
  GstVideoFrame frame;
  std::vector<int> codes;
  if (!gst_video_frame_map(&frame, &info, buffer, flags)) {
    ADD_FAILURE() << "not a frame of " << caps;
    return codes;
  }
  const int pixel_stride = GST_VIDEO_FRAME_COMP_PSTRIDE(&frame, component);
  const bool is_wide = GST_VIDEO_FRAME_COMP_DEPTH(&frame, component) > 8;
  // GStreamer 1.22 says that Cr of P010 begins at byte 1, where it means sample 1.
  const int correction = is_wide && GST_VIDEO_FRAME_COMP_POFFSET(&frame, component) == 1 ? 1 : 0;
  for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(&frame, component); ++y) {
    const auto* row = static_cast<const uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&frame, component)) +
                      static_cast<gsize>(y) * GST_VIDEO_FRAME_COMP_STRIDE(&frame, component);
    for (int x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH(&frame, component); ++x) {
      const uint8_t* sample = row + correction + x * pixel_stride;
      const int bits = is_wide ? sample[0] | sample[1] << 8 : sample[0];
      codes.push_back(bits >> GST_VIDEO_FORMAT_INFO_SHIFT(info.finfo, component));
    }
  }
  gst_video_frame_unmap(&frame);
  return codes;
}
