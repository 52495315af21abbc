#include "examples/colorize_film/codec.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <thread>
#include <tuple>

#include "examples/colorize_film/field_order.h"
#include "examples/colorize_film/stream_kind.h"

namespace colorize_film {
namespace {

constexpr int kLossless = 100;  // the best quality

struct Encoder {
  const char* codec;
  const char* element;
  const char* description;  // Q: its quantiser, T: threads
  double step;              // of the quantiser, for a point of quality less than the best
  const char* lossless;     // for the best quality; NULL: the best of its quantisers
  bool is_on_card = false;  // quick, but needs more data for the same picture: only when asked for
};

// In order of preference for each codec; those of a graphics card are registered where there is
// one. Constant quality: grain and all, for a result that is worth keeping.
constexpr Encoder kEncoders[] = {
    {"h264", "nvh264enc", "nvh264enc rc-mode=constqp qp-const=Q", 0.51, nullptr, true},
    {"h264", "vah264enc", "vah264enc rate-control=cqp qpi=Q qpp=Q qpb=Q", 0.51, nullptr, true},
    {"h264", "x264enc", "x264enc pass=qual quantizer=Q speed-preset=medium", 0.51,
     "x264enc pass=quant quantizer=0 speed-preset=medium"},
    {"h264", "openh264enc", "openh264enc rate-control=off complexity=high qp-min=Q qp-max=Q", 0.51,
     nullptr},
    {"h265", "nvh265enc", "nvh265enc rc-mode=constqp qp-const=Q", 0.51, nullptr, true},
    {"h265", "vah265enc", "vah265enc rate-control=cqp qpi=Q qpp=Q qpb=Q", 0.51, nullptr, true},
    {"h265", "x265enc", "x265enc option-string=\"crf=Q\"", 0.51,
     "x265enc option-string=\"lossless=1\""},
    {"av1", "svtav1enc", "svtav1enc preset=6 crf=Q", 0.57, nullptr},
    {"av1", "av1enc",
     "av1enc end-usage=q min-quantizer=Q max-quantizer=Q cpu-used=6 row-mt=true threads=T", 0.57,
     nullptr},
    {"vp9", "vp9enc",
     "vp9enc end-usage=cq cq-level=Q target-bitrate=0 deadline=1 cpu-used=5 row-mt=true threads=T",
     0.57, nullptr},
    {"vp8", "vp8enc",
     "vp8enc end-usage=cq cq-level=Q target-bitrate=8000000 deadline=1 cpu-used=4 threads=T", 0.23,
     nullptr},
    {"prores", "avenc_prores_ks", "avenc_prores_ks", 0, nullptr},
    {"ffv1", "avenc_ffv1", "avenc_ffv1 slicecrc=true gop-size=1", 0, nullptr},
    {"png", "pngenc", "pngenc compression-level=6", 0, nullptr},
    {"tiff", "avenc_tiff", "avenc_tiff", 0, nullptr},
    {"png", "vipspngenc", "vipspngenc", 0, nullptr},
    {"tiff", "vipstiffenc", "vipstiffenc", 0, nullptr},
    {"mpeg4", "avenc_mpeg4", "avenc_mpeg4 bitrate=8000000", 0, nullptr},
};

std::string known_codecs() {
  std::string names;
  for (const Encoder& encoder : kEncoders)
    if (names.find(encoder.codec) == std::string::npos)
      names += (names.empty() ? "" : ", ") + std::string(encoder.codec);
  return names;
}

bool is_installed(const Encoder& encoder) {
  g_autoptr(GstElementFactory) factory = gst_element_factory_find(encoder.element);
  return factory != nullptr;
}

std::string describe(const Encoder& encoder, int quality) {
  if (quality == kLossless && encoder.lossless) return encoder.lossless;
  const auto quantizer = std::lround(encoder.step * (kLossless - quality));
  std::string text;
  for (const char* letter = encoder.description; *letter; ++letter) {
    // Capitals stand only there.
    if (*letter == 'Q')
      text += std::to_string(quantizer);
    else if (*letter == 'T')
      text += std::to_string(std::max(1U, std::thread::hardware_concurrency()));
    else
      text += *letter;
  }
  return text;
}

// Floating, until it is given away.
struct Unref {
  void operator()(GstElement* element) const { gst_object_unref(gst_object_ref_sink(element)); }
};
using Owned = std::unique_ptr<GstElement, Unref>;

Owned parse(const std::string& description) {
  g_autoptr(GError) error = nullptr;
  GstElement* encoder = gst_parse_bin_from_description_full(description.c_str(), TRUE, nullptr,
                                                            GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (!encoder)
    throw RunError("--encoder \"" + description + "\": " + error->message + ".", kUsage);
  Owned owned(encoder);
  g_autoptr(GstPad) sink = gst_element_get_static_pad(encoder, "sink");
  g_autoptr(GstPad) source = gst_element_get_static_pad(encoder, "src");
  if (!sink || !source)
    throw RunError("--encoder \"" + description + "\" does not take video in and give video out.",
                   kUsage);
  gst_object_set_name(GST_OBJECT(encoder), "encoder");
  return owned;
}

// NULL where it does not open: a card may be registered and busy, or older than what is asked of
// it.
Owned open(const Encoder& one, int quality) {
  Owned encoder;
  try {
    encoder = parse(describe(one, quality));
  } catch (const RunError&) {
    if (!one.is_on_card) throw;
    return nullptr;
  }
  const bool is_ready =
      gst_element_set_state(encoder.get(), GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
  gst_element_set_state(encoder.get(), GST_STATE_NULL);
  return is_ready ? std::move(encoder) : nullptr;
}

struct Found {
  Owned element;
  Sampling sampling;
};

void add_samplings(const GValue* format, std::vector<Sampling>& samplings) {
  if (GST_VALUE_HOLDS_LIST(format)) {
    for (guint i = 0; i < gst_value_list_get_size(format); ++i)
      add_samplings(gst_value_list_get_value(format, i), samplings);
    return;
  }
  if (!G_VALUE_HOLDS_STRING(format)) return;
  const GstVideoFormat known = gst_video_format_from_string(g_value_get_string(format));
  GstVideoInfo info;
  if (known != GST_VIDEO_FORMAT_UNKNOWN && gst_video_info_set_format(&info, known, 16, 16))
    samplings.push_back(sampling_of(info));
}

// Of all the raw video that it takes.
std::vector<Sampling> samplings_of(GstElement* encoder) {
  g_autoptr(GstPad) sink = gst_element_get_static_pad(encoder, "sink");
  g_autoptr(GstCaps) caps = gst_pad_query_caps(sink, nullptr);
  std::vector<Sampling> samplings;
  for (guint i = 0; i < gst_caps_get_size(caps); ++i)
    if (const GValue* format = gst_structure_get_value(gst_caps_get_structure(caps, i), "format"))
      add_samplings(format, samplings);
  // Neither the element's colours nor its planes are grey or of other depths.
  samplings.erase(
      std::remove_if(samplings.begin(), samplings.end(),
                     [](const Sampling& one) { return one.chroma == 0 || one.depth > 12; }),
      samplings.end());
  return samplings;
}

// H.264 and H.265 have no odd sizes with halved chroma.
bool fits_size(GstElement* encoder, const Sampling& sampling, int width, int height) {
  g_autoptr(GstPad) source = gst_element_get_static_pad(encoder, "src");
  g_autoptr(GstCaps) caps = gst_pad_query_caps(source, nullptr);
  if (!is_kind(caps, "video/x-h264") && !is_kind(caps, "video/x-h265")) return true;
  return (width % 2 == 0 || sampling.chroma == 444) && (height % 2 == 0 || sampling.chroma != 420);
}

// The nearest to `wanted` of what it takes: all of it with the least beside, else the most of it.
std::optional<Sampling> nearest(GstElement* encoder, const Sampling& wanted, int width,
                                int height) {
  std::optional<Sampling> best;
  const auto distance = [&wanted](const Sampling& one) {
    return std::make_tuple(
        std::max(0, wanted.depth - one.depth), std::max(0, wanted.chroma - one.chroma),
        std::max(0, one.depth - wanted.depth), std::max(0, one.chroma - wanted.chroma));
  };
  for (const Sampling& one : samplings_of(encoder))
    if (fits_size(encoder, one, width, height) && (!best || distance(one) < distance(*best)))
      best = one;
  return best;
}

[[noreturn]] void refuse_loss(const std::string& what, const Sampling& wanted,
                              const std::optional<Sampling>& best) {
  throw RunError(what + " cannot hold " + describe(wanted) +
                     (best ? ", only " + describe(*best) +
                                 ": name one that can, such as --codec ffv1 with an "
                                 ".mkv, or allow the loss by --allow-conversion."
                           : ": name another one."),
                 kUsage);
}

ChosenEncoder choose_own(const Options& options, const Sampling& wanted, int width, int height) {
  Owned encoder = parse(*options.encoder);
  // Elements before the encoder may take more than they say.
  const auto best = nearest(encoder.get(), wanted, width, height);
  if (!best || (!best->holds(wanted) && !options.allow_conversion))
    refuse_loss("--encoder \"" + *options.encoder + "\"", wanted, best);
  return {encoder.release(), *best, ""};
}

}  // namespace

void check_codec(const std::string& codec) {
  const bool is_known = std::any_of(std::begin(kEncoders), std::end(kEncoders),
                                    [&codec](const Encoder& one) { return codec == one.codec; });
  if (!is_known)
    throw RunError(
        "--codec " + codec + ": there is no such codec, use one of " + known_codecs() + ".",
        kUsage);
}

ChosenEncoder choose_encoder(const Options& options, const std::vector<std::string_view>& codecs,
                             const Sampling& wanted, int width, int height, bool with_fields) {
  if (options.encoder) return choose_own(options, wanted, width, height);
  const char* broken = nullptr;  // a card's that would have been taken
  const auto chosen = [&broken](Found found, const char* name) {
    return ChosenEncoder{
        found.element.release(), found.sampling,
        broken ? std::string(broken) + " is there but does not open: " + name + " takes its place."
               : ""};
  };
  std::optional<Found> lossy, joining;  // the latter keeps all but fields
  const char* joining_name = nullptr;
  for (const std::string_view codec : codecs)
    for (const Encoder& one : kEncoders) {
      if (codec != one.codec || (one.is_on_card && !options.codec) || !is_installed(one)) continue;
      Owned encoder = open(one, options.quality.value_or(kUsualQuality));
      if (!encoder && one.is_on_card) broken = one.element;
      const auto best = encoder ? nearest(encoder.get(), wanted, width, height) : std::nullopt;
      if (!best) continue;
      const bool keeps_all = !with_fields || keeps_fields(encoder.get());
      if (best->holds(wanted) && keeps_all) return chosen({std::move(encoder), *best}, one.element);
      if (best->holds(wanted)) {
        if (!joining) joining_name = one.element;
        if (!joining) joining = Found{std::move(encoder), *best};
      } else if (!lossy || best->holds(lossy->sampling)) {
        lossy = Found{std::move(encoder), *best};
      }
    }
  if (joining) return chosen(std::move(*joining), joining_name);
  if (!lossy)
    throw RunError("No encoder for " + std::string(codecs.front()) +
                   " is installed: install gstreamer1.0-plugins-ugly, gstreamer1.0-plugins-bad and "
                   "gstreamer1.0-libav, or name another one with --codec or --encoder.");
  if (!options.allow_conversion)
    refuse_loss(options.codec ? "--codec " + *options.codec
                              : "The container of '" + options.output + "' with what is installed",
                wanted, lossy->sampling);
  return {lossy->element.release(), lossy->sampling, ""};
}

}  // namespace colorize_film
