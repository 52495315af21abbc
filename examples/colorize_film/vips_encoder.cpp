#include <gst/video/gstvideoencoder.h>
#include <gst/video/video.h>

#include <exception>
#include <memory>
#include <string>
#include <vips/vips8>

#include "examples/colorize_film/vips_codes.h"
#include "examples/colorize_film/vips_pictures.h"

namespace colorize_film {
namespace {

using vips::VImage;

// What is registered, as data of each class.
struct Kind {
  const char* type;
  const char* factory;
  const char* media;
  const char* ending;
  const char* options;  // of libvips
};
constexpr Kind kKinds[] = {
    {"ColorizeFilmVipsPng", "vipspngenc", "image/png", ".png", "[compression=6]"},
    {"ColorizeFilmVipsTiff", "vipstiffenc", "image/tiff", ".tif",
     "[compression=deflate,predictor=horizontal]"},
};

struct VipsEncoder {
  GstVideoEncoder parent;
  GstVideoCodecState* input;  // owned
};
struct VipsEncoderClass {
  GstVideoEncoderClass parent_class;
  const Kind* kind;
};

const Kind& kind_of(GstVideoEncoder* encoder) {
  return *reinterpret_cast<VipsEncoderClass*>(G_OBJECT_GET_CLASS(encoder))->kind;
}

gboolean set_format(GstVideoEncoder* base, GstVideoCodecState* state) {
  auto* encoder = reinterpret_cast<VipsEncoder*>(base);
  g_clear_pointer(&encoder->input, gst_video_codec_state_unref);
  encoder->input = gst_video_codec_state_ref(state);
  GstVideoCodecState* output = gst_video_encoder_set_output_state(
      base, gst_caps_new_empty_simple(kind_of(base).media), state);
  gst_video_codec_state_unref(output);
  return TRUE;
}

gboolean stop(GstVideoEncoder* base) {
  g_clear_pointer(&reinterpret_cast<VipsEncoder*>(base)->input, gst_video_codec_state_unref);
  return TRUE;
}

// Borrows `frame`.
VImage picture_of(const GstVideoFrame& frame) {
  const int width = GST_VIDEO_FRAME_WIDTH(&frame);
  const int height = GST_VIDEO_FRAME_HEIGHT(&frame);
  const auto plane = [&](guint component) {
    const int stride = GST_VIDEO_FRAME_COMP_STRIDE(&frame, component);
    return VImage::new_from_memory(GST_VIDEO_FRAME_COMP_DATA(&frame, component),
                                   static_cast<size_t>(stride) * static_cast<size_t>(height),
                                   stride / static_cast<int>(sizeof(guint16)), height, 1,
                                   VIPS_FORMAT_USHORT)
        .crop(0, 0, width, height);
  };
  return rgb_of_codes(VImage::bandjoin({plane(0), plane(1), plane(2)}), frame.info);
}

GstBuffer* encode(const GstVideoFrame& frame, const Kind& kind) {
  void* bytes = nullptr;
  size_t size = 0;
  const std::string form = std::string(kind.ending) + kind.options;
  picture_of(frame).write_to_buffer(form.c_str(), &bytes, &size);
  return gst_buffer_new_wrapped(bytes, size);
}

GstFlowReturn handle_frame(GstVideoEncoder* base, GstVideoCodecFrame* frame) {
  GstVideoFrame mapped;
  try {
    if (!gst_video_frame_map(&mapped, &reinterpret_cast<VipsEncoder*>(base)->input->info,
                             frame->input_buffer, GST_MAP_READ))
      throw RunError("A frame cannot be read.");
    const std::unique_ptr<GstVideoFrame, decltype(&gst_video_frame_unmap)> owner(
        &mapped, gst_video_frame_unmap);
    frame->output_buffer = encode(mapped, kind_of(base));
  } catch (const std::exception& error) {
    gst_video_codec_frame_unref(frame);
    GST_ELEMENT_ERROR(base, STREAM, ENCODE, ("A picture cannot be written: %s", error.what()),
                      (nullptr));
    return GST_FLOW_ERROR;
  }
  GST_VIDEO_CODEC_FRAME_SET_SYNC_POINT(frame);
  return gst_video_encoder_finish_frame(base, frame);
}

void init_class(gpointer of_type, gpointer data) {
  const auto* kind = static_cast<const Kind*>(data);
  static_cast<VipsEncoderClass*>(of_type)->kind = kind;
  auto* element = static_cast<GstElementClass*>(of_type);
  g_autoptr(GstCaps) taken = gst_caps_from_string(GST_VIDEO_CAPS_MAKE("Y444_12LE"));
  g_autoptr(GstCaps) made = gst_caps_new_empty_simple(kind->media);
  gst_element_class_add_pad_template(
      element, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, taken));
  gst_element_class_add_pad_template(
      element, gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, made));
  gst_element_class_set_static_metadata(element, "Pictures of 16 bits by libvips",
                                        "Codec/Encoder/Image", "Writes each frame as a file",
                                        "cgancolorize");
  auto* encoder = static_cast<GstVideoEncoderClass*>(of_type);
  encoder->set_format = set_format;
  encoder->handle_frame = handle_frame;
  encoder->stop = stop;
}

}  // namespace

void register_vips_encoders() {
  if (vips_init("colorize-film") != 0) return;  // the others are there
  for (const Kind& kind : kKinds) {
    if (g_type_from_name(kind.type) != 0) continue;
    const GTypeInfo info = {sizeof(VipsEncoderClass), nullptr, nullptr, init_class, nullptr, &kind,
                            sizeof(VipsEncoder),      0,       nullptr, nullptr};
    const GType type =
        g_type_register_static(GST_TYPE_VIDEO_ENCODER, kind.type, &info, GTypeFlags(0));
    gst_element_register(nullptr, kind.factory, GST_RANK_NONE, type);
  }
}

}  // namespace colorize_film
