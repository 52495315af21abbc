#include "examples/colorize_film/picture_losses.h"

#include "examples/colorize_film/container.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

// Whether `encoder` writes video of that media type.
bool writes(GstElement* encoder, const char* media) {
  g_autoptr(GstPad) source = gst_element_get_static_pad(encoder, "src");
  g_autoptr(GstCaps) caps = gst_pad_query_caps(source, nullptr);
  return is_kind(caps, media);
}

bool is_square(const GstVideoInfo& info) {
  return GST_VIDEO_INFO_PAR_N(&info) == GST_VIDEO_INFO_PAR_D(&info);
}

}  // namespace

bool holds_full_range(GstElement* encoder) {
  return !writes(encoder, "video/x-prores") && !writes(encoder, "video/x-av1") &&
         !writes(encoder, "video/x-vp8");
}

std::vector<std::string> picture_losses(const FirstPicture& picture, GstElement* encoder,
                                        GstElement* muxer, const std::string& input) {
  std::vector<std::string> sentences;
  const std::string of_input = " of '" + input + "' ";
  if (GST_VIDEO_INFO_HAS_ALPHA(&picture.info))
    sentences.push_back("the transparency" + of_input + "is left out: a coloured film has none.");
  if (!picture.lost_grid.empty())
    sentences.push_back("the chroma grid" + of_input + "(" + picture.lost_grid +
                        ") becomes 4:2:0: GStreamer's JPEG decoder keeps no other of the kind.");
  if (picture.has_unsaid_order)
    sentences.push_back("which field" + of_input +
                        "is the first is said nowhere, the bottom one is taken: if that is "
                        "wrong, say it first (mkvpropedit IN --edit track:v1 --set "
                        "field-order=1).");
  // H.265 has them in its stream, Matroska and WebM beside any.
  if (picture.has_light_values && !keeps_clock(muxer) && !writes(encoder, "video/x-h265"))
    sentences.push_back("the light values (HDR)" + of_input +
                        "cannot be kept: an .mkv keeps them, or --codec h265.");
  if (writes(encoder, "video/x-av1"))
    sentences.push_back("the colour description" + of_input +
                        "cannot be kept: GStreamer's AV1 has none, use another codec.");
  if (writes(encoder, "video/x-vp9") &&
      picture.info.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_BT2020)
    sentences.push_back("the matrix BT.2020" + of_input +
                        "cannot be kept: GStreamer's VP9 does not name it, use --codec h265.");
  if (!muxer && !is_square(picture.info))
    sentences.push_back("the shape of the pixels" + of_input +
                        "cannot be kept: pictures have square ones.");
  return sentences;
}

}  // namespace colorize_film
