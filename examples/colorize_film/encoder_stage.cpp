#include "examples/colorize_film/encoder_stage.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "examples/colorize_film/codec.h"
#include "examples/colorize_film/container.h"
#include "examples/colorize_film/field_order.h"
#include "examples/colorize_film/sampling.h"
#include "examples/colorize_film/sequence.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

constexpr int kDeepest = 12;  // that the element makes

void set_format(GstElement* filter, const Sampling& sampling) {
  GstCaps* caps = nullptr;
  g_object_get(filter, "caps", &caps, nullptr);
  caps = gst_caps_make_writable(caps);
  gst_caps_set_simple(caps, "format", G_TYPE_STRING, format_of(sampling), nullptr);
  g_object_set(filter, "caps", caps, nullptr);
  gst_caps_unref(caps);
}

// Whether two fields become one frame: where that is asked for, or the encoder keeps no fields.
bool joins_fields(GstElement* encoder, const Options& options) {
  return options.deinterlace || !keeps_fields(encoder);
}

void choose_fields(GstElement* deinterlacer, GstElement* encoder, const Options& options) {
  if (!joins_fields(encoder, options)) {
    gst_util_set_object_arg(G_OBJECT(deinterlacer), "mode", "disabled");
    return;
  }
  deinterlace_frame_by_frame(deinterlacer);
  if (options.deinterlace) return;
  remark_fields(deinterlacer,
                "'" + options.input +
                    "' is interlaced, which this encoder cannot keep: each two fields become one "
                    "frame. H.264 (x264enc) and FFV1 (avenc_ffv1) keep them.");
}

// The encoder for what is to be kept of a picture. `wanted` has less depth in the end where fields
// are joined: GStreamer's deinterlace knows 8 bits.
ChosenEncoder choose(const Options& options, const GstVideoInfo& picture, Sampling& wanted) {
  constexpr int kDeepestOfJoined = 8;
  const auto codecs =
      options.codec ? std::vector<std::string_view>{*options.codec} : codecs_of(options.output);
  const auto choose_for = [&](const Sampling& sampling) {
    return choose_encoder(options, codecs, sampling, GST_VIDEO_INFO_WIDTH(&picture),
                          GST_VIDEO_INFO_HEIGHT(&picture));
  };
  const ChosenEncoder chosen = choose_for(wanted);
  if (!GST_VIDEO_INFO_IS_INTERLACED(&picture) || wanted.depth <= kDeepestOfJoined ||
      !joins_fields(chosen.element, options))
    return chosen;
  gst_object_unref(gst_object_ref_sink(chosen.element));
  wanted.depth = kDeepestOfJoined;
  return choose_for(wanted);
}

// What of the picture is lost for all codecs and containers.
void tell_losses(const Options& options, const GstVideoInfo& picture, const Sampling& source,
                 const Sampling& wanted, const std::function<void(const std::string&)>& warn) {
  const std::string of_input = " of '" + options.input + "' ";
  if (wanted.depth < source.depth)
    warn("the " + std::to_string(source.depth) + " bits" + of_input + "become " +
         std::to_string(wanted.depth) + ": " +
         (wanted.depth < kDeepest ? "two fields are made one frame in no more; FFV1 keeps both."
                                  : "more are not coloured."));
  if (GST_VIDEO_INFO_HAS_ALPHA(&picture))
    warn("the transparency" + of_input + "is left out: a coloured film has none.");
}

void link_encoder(const FilmPipeline& film, GstElement* encoder, const Options& options) {
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

}  // namespace

void open_encoder(const FilmPipeline& film, const Options& options, const GstVideoInfo& picture,
                  const std::function<void(const std::string&)>& warn) {
  constexpr int kUsualChromaOfGrey = 420;
  const Sampling source = sampling_of(picture);
  Sampling wanted{std::min(source.depth, kDeepest),
                  source.chroma == 0 ? kUsualChromaOfGrey : source.chroma};
  if (options.chroma) wanted.chroma = *options.chroma;
  const ChosenEncoder chosen = choose(options, picture, wanted);
  gst_bin_add(GST_BIN(film.pipeline), chosen.element);
  choose_fields(film.deinterlacer, chosen.element, options);
  tell_losses(options, picture, source, wanted, warn);
  if (!chosen.sampling.holds(wanted))
    warn("the " + describe(wanted) + " of '" + options.input + "' become " +
         describe(chosen.sampling) + ", as --allow-conversion lets them.");

  // Grey stays grey up to the element: only it knows how to keep such luma bit for bit.
  Sampling taken = source;
  if (source.chroma == 0 && GST_VIDEO_INFO_IS_INTERLACED(&picture) &&
      joins_fields(chosen.element, options))
    taken = wanted;
  if (taken.chroma != 0) taken.depth = std::min(wanted.depth, chosen.sampling.depth);
  set_format(film.taken, taken);
  set_format(film.one_size, taken);
  set_format(film.made, chosen.sampling);
  set_format(film.coloured, chosen.sampling);
  if (!gst_element_link(film.to_encoder, chosen.element))
    throw RunError("GStreamer cannot lead video to this encoder: name another one.", kUsage);
  link_encoder(film, chosen.element, options);
  gst_element_sync_state_with_parent(chosen.element);
}

}  // namespace colorize_film
