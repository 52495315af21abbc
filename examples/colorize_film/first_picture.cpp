#include "examples/colorize_film/first_picture.h"

#include <fstream>

#include "examples/colorize_film/matroska_index.h"
#include "examples/colorize_film/mp4_index.h"
#include "examples/colorize_film/options.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

// What of fields GStreamer's readers do not hand on: those of frames that are not coded, and the
// order that FFV1 leaves to the container.
void read_fields(const FilmPipeline& film, const std::string& input, GstCaps* packets,
                 FirstPicture& first) {
  if (input == kStandardInput) return;
  const bool is_interlaced = GST_VIDEO_INFO_IS_INTERLACED(&first.info);
  const bool is_ffv1 = is_kind(packets, "video/x-ffv");
  if (is_interlaced && is_ffv1 && !first.is_top_first && contains(film.parser, "matroskademux")) {
    first.said_order = matroska_top_field_first(input);
    first.has_unsaid_order = !first.said_order;
  }
  if (!is_interlaced && is_kind(packets, "video/x-raw") && contains(film.parser, "qtdemux"))
    first.said_order = Mp4Index(input).is_top_field_first();
  if (!first.said_order) return;
  first.is_top_first = *first.said_order;
  GST_VIDEO_INFO_INTERLACE_MODE(&first.info) = GST_VIDEO_INTERLACE_MODE_INTERLEAVED;
}

// JPEG has grids that neither of its decoders keeps.
std::string lost_grid(GstCaps* packets, const GstVideoInfo& info) {
  const char* said = gst_structure_get_string(gst_caps_get_structure(packets, 0), "sampling");
  const bool is_quartered = GST_VIDEO_FORMAT_INFO_W_SUB(info.finfo, 1) == 1 &&
                            GST_VIDEO_FORMAT_INFO_H_SUB(info.finfo, 1) == 1;
  return said && is_quartered && !g_str_equal(said, "YCbCr-4:2:0") ? said : "";
}

// Of an animated PNG GStreamer's reader gives the first picture only.
bool is_animated_png(const std::string& path) {
  constexpr std::streamsize kHead = 1 << 16;
  std::string head(kHead, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), kHead);
  return head.find("acTL") < head.find("IDAT");
}

}  // namespace

FirstPicture read_first_picture(const FilmPipeline& film, const std::string& input,
                                GstCaps* packets, GstCaps* frames, guint flags) {
  FirstPicture first{};
  if (!frames || !gst_video_info_from_caps(&first.info, frames))
    throw RunError("'" + input + "' gave no picture: it is damaged, or the span is empty.");
  // Its reader moves what it reads by a sample: colours change places.
  if (GST_VIDEO_INFO_FORMAT(&first.info) == GST_VIDEO_FORMAT_ARGB64 &&
      contains(film.pipeline, "pngdec"))
    throw RunError("GStreamer reads the colours of PNG of 16 bits wrongly: make '" + input +
                   "' a film first (ffmpeg -framerate 24 -i IN -pix_fmt gbrp12le -c:v ffv1 "
                   "film.mkv).");
  if (GST_VIDEO_INFO_FORMAT(&first.info) == GST_VIDEO_FORMAT_RGB8P)
    throw RunError("GStreamer does not read the palette of '" + input +
                   "': convert it first (ffmpeg -i IN -pix_fmt gbrp -c:v ffv1 new.mkv).");
  if (is_kind(packets, "image/png") && is_animated_png(input))
    throw RunError("GStreamer reads only the first picture of '" + input +
                   "', an animated PNG: convert it first" + kConversion + ".");
  const GstStructure* said = gst_caps_get_structure(frames, 0);
  first.has_light_values = gst_structure_has_field(said, "mastering-display-info") ||
                           gst_structure_has_field(said, "content-light-level");
  first.lost_grid = lost_grid(packets, first.info);
  first.is_top_first = (flags & GST_VIDEO_BUFFER_FLAG_TFF) != 0;
  read_fields(film, input, packets, first);
  // A whole frame in film of mixed kinds says nothing of those that follow.
  if (GST_VIDEO_INFO_INTERLACE_MODE(&first.info) == GST_VIDEO_INTERLACE_MODE_MIXED &&
      !(flags & GST_VIDEO_BUFFER_FLAG_INTERLACED))
    first.is_top_first = true;
  return first;
}

}  // namespace colorize_film
