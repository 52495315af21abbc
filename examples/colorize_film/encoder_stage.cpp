#include "examples/colorize_film/encoder_stage.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "examples/colorize_film/closed_captions.h"
#include "examples/colorize_film/codec.h"
#include "examples/colorize_film/container.h"
#include "examples/colorize_film/field_order.h"
#include "examples/colorize_film/picture_losses.h"
#include "examples/colorize_film/sampling.h"
#include "examples/colorize_film/sequence.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

constexpr int kDeepest = 12;  // that the element makes

void set_field(GstElement* filter, const char* field, const char* text) {
  GstCaps* caps = nullptr;
  g_object_get(filter, "caps", &caps, nullptr);
  caps = gst_caps_make_writable(caps);
  gst_caps_set_simple(caps, field, G_TYPE_STRING, text, nullptr);
  g_object_set(filter, "caps", caps, nullptr);
  gst_caps_unref(caps);
}

// Whether two fields become one frame: where that is asked for, or the encoder keeps no fields.
bool joins_fields(GstElement* encoder, const Options& options) {
  return options.deinterlace || !keeps_fields(encoder);
}

constexpr char kPartByItself[] =
    " Colour that part by itself (--start, --duration) where that matters.";

// What `encoder`, which keeps fields, cannot say of single frames.
void tell_kinds(GstElement* deinterlacer, GstElement* encoder, const std::string& input,
                const FirstPicture& picture) {
  const std::string film = "'" + input + "' ";
  const GstVideoInterlaceMode mode = GST_VIDEO_INFO_INTERLACE_MODE(&picture.info);
  const bool is_single = contains(encoder, "avenc_ffv1");  // has the order of each frame
  if (mode == GST_VIDEO_INTERLACE_MODE_PROGRESSIVE)
    return remark_fields(deinterlacer, film +
                                           "becomes interlaced on its way, but an encoder keeps to "
                                           "one kind: the fields stay woven, not marked as such." +
                                           kPartByItself);
  if (is_single || mode == GST_VIDEO_INTERLACE_MODE_INTERLEAVED)
    remark_whole_frames(deinterlacer, film +
                                          "has whole frames between those of two fields: this "
                                          "encoder marks all as of two." +
                                          kPartByItself);
  if (!is_single || mode == GST_VIDEO_INTERLACE_MODE_INTERLEAVED)
    remark_other_order(deinterlacer, picture.is_top_first,
                       film +
                           "changes on its way which field is the first, but an encoder keeps "
                           "to one order." +
                           kPartByItself);
}

// `depth`: of the frames.
void choose_fields(GstElement* deinterlacer, GstElement* encoder, const Options& options,
                   const FirstPicture& picture, int depth) {
  constexpr int kDeepestOfJoined = 8;
  const bool turns = !GST_VIDEO_INFO_IS_INTERLACED(&picture.info);
  const std::string later = "'" + options.input + "' becomes interlaced on its way, ";
  if (!joins_fields(encoder, options)) {
    gst_util_set_object_arg(G_OBJECT(deinterlacer), "mode", "disabled");
    return tell_kinds(deinterlacer, encoder, options.input, picture);
  }
  deinterlace_frame_by_frame(deinterlacer);
  if (turns && depth > kDeepestOfJoined)
    return remark_fields(deinterlacer,
                         later +
                             "and GStreamer joins no fields of more than 8 bits: they stay woven." +
                             kPartByItself);
  if (options.deinterlace) return;
  remark_fields(deinterlacer,
                "'" + options.input +
                    "' is interlaced, which this encoder cannot keep: each two fields become one "
                    "frame. H.264 (x264enc) and FFV1 (avenc_ffv1) keep them.");
}

// The encoder for what is to be kept of a picture. `wanted` has less depth in the end where fields
// would be lost else: few encoders keep deep ones, and GStreamer's deinterlace knows 8 bits.
ChosenEncoder choose(const Options& options, const GstVideoInfo& picture, Sampling& wanted) {
  const auto codecs =
      options.codec ? std::vector<std::string_view>{*options.codec} : codecs_of(options.output);
  const bool has_fields = GST_VIDEO_INFO_IS_INTERLACED(&picture);
  const auto choose_for = [&](const Sampling& sampling) {
    return choose_encoder(options, codecs, sampling, GST_VIDEO_INFO_WIDTH(&picture),
                          GST_VIDEO_INFO_HEIGHT(&picture), has_fields && !options.deinterlace);
  };
  const int deepest = wanted.depth;
  for (const int depth : {12, 10}) {
    if (!has_fields || depth > deepest) continue;
    wanted.depth = depth;
    const ChosenEncoder chosen = choose_for(wanted);
    if (!joins_fields(chosen.element, options)) return chosen;
    gst_object_unref(gst_object_ref_sink(chosen.element));
  }
  if (has_fields) wanted.depth = 8;
  return choose_for(wanted);
}

// Black is 0 in the film and 16 in what the encoder writes: all is converted before it is coloured.
void limit_range(const FilmPipeline& film, const GstVideoInfo& picture, const Options& options) {
  if (!options.allow_conversion)
    throw RunError("This codec cannot hold the full range of '" + options.input +
                       "': name one that can, such as --codec ffv1 with an .mkv, or allow the loss "
                       "by --allow-conversion.",
                   kUsage);
  GstVideoColorimetry limited = picture.colorimetry;
  limited.range = GST_VIDEO_COLOR_RANGE_16_235;
  g_autofree char* text = gst_video_colorimetry_to_string(&limited);
  set_field(film.taken, "colorimetry", text);
  set_field(film.one_size, "colorimetry", text);
}

// Whether the element does not know the matrix of the picture.
bool has_rare_matrix(const GstVideoInfo& picture) {
  return picture.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_SMPTE240M ||
         picture.colorimetry.matrix == GST_VIDEO_COLOR_MATRIX_FCC;
}

void replace_matrix(const FilmPipeline& film, const GstVideoInfo& picture) {
  GstVideoColorimetry usual = {};
  gst_video_colorimetry_from_string(&usual, GST_VIDEO_COLORIMETRY_BT709);
  usual.range = picture.colorimetry.range;
  g_autofree char* text = gst_video_colorimetry_to_string(&usual);
  for (GstElement* filter : {film.taken, film.one_size}) set_field(filter, "colorimetry", text);
}

void link_encoder(const FilmPipeline& film, GstElement* encoder, const Options& options) {
  if (!gst_element_link(film.to_encoder, encoder))
    throw RunError("GStreamer cannot lead video to this encoder: name another one.", kUsage);
  g_autoptr(GstPad) encoded = gst_element_get_static_pad(encoder, "src");
  g_autoptr(GstCaps) caps = gst_pad_query_caps(encoded, nullptr);
  const bool is_known = !gst_caps_is_any(caps) && !gst_caps_is_empty(caps);
  const bool is_linked =
      film.muxer
          ? is_known && link_to_muxer(GST_BIN(film.pipeline), encoded, caps, film.muxer, film.muxed)
          : is_kind(caps, media_of(options.output).c_str()) &&
                GST_PAD_LINK_SUCCESSFUL(gst_pad_link(encoded, film.muxed));
  if (!is_linked)
    throw RunError(
        "The container of '" + options.output +
            "' does not take what this encoder writes: use another ending, such as .mkv, or "
            "name-%06d.png for --codec png.",
        kUsage);
}

// It may still be turned upright.
void check_size(GstElement* colorizer, const GstVideoInfo& picture, const std::string& input) {
  const int width = GST_VIDEO_INFO_WIDTH(&picture), height = GST_VIDEO_INFO_HEIGHT(&picture);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(colorizer, "sink");
  g_autoptr(GstCaps) taken = gst_pad_get_pad_template_caps(sink);
  for (const auto& [x, y] : {std::pair(width, height), std::pair(height, width)}) {
    g_autoptr(GstCaps) size = gst_caps_new_simple("video/x-raw", "width", G_TYPE_INT, x, "height",
                                                  G_TYPE_INT, y, nullptr);
    if (gst_caps_can_intersect(taken, size)) return;
  }
  throw RunError("The picture of '" + input + "' has " + std::to_string(width) + "x" +
                 std::to_string(height) +
                 " pixels, which is more or less than cgancolorize takes (gst-inspect-1.0 "
                 "cgancolorize): scale it first (ffmpeg -i IN -vf scale=1920:-2 -c:v ffv1 -c:a "
                 "copy new.mkv).");
}

}  // namespace

void open_encoder(const FilmPipeline& film, const Options& options, const FirstPicture& picture,
                  const std::function<void(const std::string&)>& warn) {
  constexpr int kUsualChromaOfGrey = 420;
  const std::string of_input = " of '" + options.input + "' ";
  check_size(film.colorizer, picture.info, options.input);
  const Sampling source = sampling_of(picture.info);
  Sampling wanted{std::min(source.depth, kDeepest),
                  source.chroma == 0 ? kUsualChromaOfGrey : source.chroma};
  if (options.chroma) wanted.chroma = *options.chroma;
  const ChosenEncoder chosen = choose(options, picture.info, wanted);
  gst_bin_add(GST_BIN(film.pipeline), chosen.element);
  name_first_field(film.video_entry, picture.is_top_first,
                   contains(chosen.element, "x264enc") && !options.deinterlace);
  admit_fields(film.video_entry);
  if (picture.said_order) mark_fields(film.video_entry, *picture.said_order);
  choose_fields(film.deinterlacer, chosen.element, options, picture, wanted.depth);

  // Grey stays grey up to the element: only it knows how to keep such luma bit for bit.
  Sampling taken = source;
  if (source.chroma == 0 && GST_VIDEO_INFO_IS_INTERLACED(&picture.info) &&
      joins_fields(chosen.element, options))
    taken = wanted;
  if (taken.chroma != 0) taken.depth = std::min(wanted.depth, chosen.sampling.depth);
  for (GstElement* filter : {film.taken, film.one_size})
    set_field(filter, "format", format_of(taken));
  for (GstElement* filter : {film.made, film.coloured})
    set_field(filter, "format", format_of(chosen.sampling));
  const bool is_limited = picture.info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255 &&
                          taken.chroma != 0 && GST_VIDEO_INFO_IS_YUV(&picture.info) &&
                          !holds_full_range(chosen.element);
  const bool has_other_matrix = taken.chroma != 0 && has_rare_matrix(picture.info);
  if (has_other_matrix) replace_matrix(film, picture.info);
  if (is_limited) limit_range(film, picture.info, options);
  link_encoder(film, chosen.element, options);

  if (!chosen.remark.empty()) warn(chosen.remark);
  if (wanted.depth < source.depth)
    warn("the " + std::to_string(source.depth) + " bits" + of_input + "become " +
         std::to_string(wanted.depth) + ": " +
         (wanted.depth < kDeepest ? "with its fields this codec or GStreamer keeps no more; FFV1 "
                                    "keeps both."
                                  : "more are not coloured."));
  if (!chosen.sampling.holds(wanted))
    warn("the " + describe(wanted) + of_input + "become " + describe(chosen.sampling) +
         ", as --allow-conversion lets them.");
  if (is_limited) warn("the full range" + of_input + "becomes limited.");
  if (has_other_matrix) warn("the matrix" + of_input + "is rare and becomes that of BT.709.");
  if (!keeps_captions(chosen.element))
    remark_captions(film.video_entry, "the closed captions" + of_input +
                                          "cannot be kept: H.264 by x264enc keeps them.");
  for (const std::string& loss : picture_losses(picture, chosen.element, film.muxer, options.input))
    warn(loss);
  gst_element_sync_state_with_parent(chosen.element);
}

}  // namespace colorize_film
