#include "plugin/element/properties.h"

#include <algorithm>
#include <tuple>

GType gst_cgan_colorize_precision_get_type() {
  static const GEnumValue kValues[] = {
      {CGAN_PRECISION_AUTO,
       "fp16 on CUDA; on the CPU int8 where the model is calibrated for it and the processor has "
       "VNNI, else fp32",
       "auto"},
      {CGAN_PRECISION_FP32, "32 bit floating point", "fp32"},
      {CGAN_PRECISION_BF16, "16 bit floating point with the range of 32 bit", "bf16"},
      {CGAN_PRECISION_FP16, "16 bit floating point, CUDA only", "fp16"},
      {CGAN_PRECISION_INT8, "8 bit integers, CPU only, for calibrated models", "int8"},
      {0, nullptr, nullptr},
  };
  static gsize type = 0;
  if (g_once_init_enter(&type)) {
    const GType made = g_enum_register_static("GstCganColorizePrecision", kValues);
    g_once_init_leave(&type, made);
  }
  return type;
}

GType gst_cgan_colorize_on_color_get_type() {
  static const GEnumValue kValues[] = {
      {CGAN_ON_COLOUR_KEEP, "Shots in colour stay as they are", "keep"},
      {CGAN_ON_COLOUR_RECOLOUR, "Colour of the input is replaced", "recolor"},
      {0, nullptr, nullptr},
  };
  static gsize type = 0;
  if (g_once_init_enter(&type)) {
    const GType made = g_enum_register_static("GstCganColorizeOnColor", kValues);
    g_once_init_leave(&type, made);
  }
  return type;
}

namespace cgan {
namespace {

enum PropertyId : guint {
  kModel = 1,
  kDevice,
  kPrecision,
  kWorkSize,
  kOverlap,
  kBatch,
  kThreads,
  kVariant,
  kLookahead,
  kMaxFrameDelay,
  kVividness,
  kStrength,
  kSaturation,
  kWarmth,
  kSplit,
  kOnColor,
  kTemporal,
  kCutThreshold,
  kRefresh,
  kStatsInterval,
  kStats,
};

constexpr guint kLargestBatch = 65536;
constexpr guint kLongestRefresh = 1000;
constexpr guint kLongestInterval = 86400;
// refresh=0: a second of film at most, and while nine tenths of the picture are sure of their
// colour.
constexpr guint kMostCarried = 24;
constexpr double kMostUncertain = 0.1;

constexpr GParamFlags flags(int extra) {
  return static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | extra);
}
constexpr GParamFlags kAtCreation = flags(GST_PARAM_MUTABLE_READY);
constexpr GParamFlags kAtAnyTime = flags(GST_PARAM_MUTABLE_PLAYING);
constexpr GParamFlags kAtAnyFrame = flags(GST_PARAM_MUTABLE_PLAYING | GST_PARAM_CONTROLLABLE);

// NULL gives back the default, as elsewhere in GStreamer.
std::string text_or(const GValue* value, const std::string& fallback) {
  const char* text = g_value_get_string(value);
  return text != nullptr ? text : fallback;
}

}  // namespace

bool CreationSettings::operator==(const CreationSettings& other) const {
  const auto all = [](const CreationSettings& s) {
    return std::tie(s.model, s.device, s.precision, s.work_size, s.overlap, s.batch, s.threads,
                    s.variant, s.lookahead, s.delay);
  };
  return all(*this) == all(other);
}

CganSettings CreationSettings::for_colorizer() const {
  CganSettings settings = {};
  settings.model = model.c_str();
  settings.device = device.c_str();
  settings.precision = precision;
  settings.work_size = work_size;
  settings.overlap = overlap;
  settings.batch = batch;
  settings.threads = threads;
  settings.variant = variant;
  settings.lookahead = lookahead;
  return settings;
}

CganLook PropertyValues::look() const {
  CganLook look = {};
  look.vividness = vividness;
  look.strength = strength;
  look.saturation = saturation;
  look.warmth = warmth;
  look.split = split;
  look.on_colour = on_colour;
  look.temporal = temporal;
  look.cut_threshold = cut_threshold;
  look.carried = refresh == 0 ? kMostCarried : refresh - 1;
  look.uncertain = refresh == 0 ? kMostUncertain : 1.0;
  return look;
}

GstStructure* PropertyValues::stats() const {
  const auto frames = static_cast<double>(std::max<guint64>(counts.frames, 1));
  const auto mean_ms = [frames](guint64 nanoseconds) {
    return static_cast<double>(nanoseconds) / frames / 1e6;
  };
  const double all_ms = mean_ms(counts.network_ns + counts.steady_ns + counts.frame_ns);
  return gst_structure_new(
      "cgancolorize-stats", "frames", G_TYPE_UINT64, counts.frames, "generated", G_TYPE_UINT64,
      counts.generated, "carried", G_TYPE_UINT64, counts.carried, "late", G_TYPE_UINT64, late,
      "cuts", G_TYPE_UINT64, counts.cuts, "kept", G_TYPE_UINT64, counts.kept, "network-ms",
      G_TYPE_DOUBLE, mean_ms(counts.network_ns), "steady-ms", G_TYPE_DOUBLE,
      mean_ms(counts.steady_ns), "frame-ms", G_TYPE_DOUBLE, mean_ms(counts.frame_ns),
      "frames-per-second", G_TYPE_DOUBLE, counts.frames > 0 && all_ms > 0.0 ? 1e3 / all_ms : 0.0,
      "device", G_TYPE_STRING, used_device.c_str(), "precision", G_TYPE_STRING,
      used_precision.c_str(), nullptr);
}

bool PropertyValues::set(guint id, const GValue* value, bool* is_creation) {
  *is_creation = id < kVividness;
  switch (id) {
    case kModel:
      creation.model = text_or(value, CreationSettings().model);
      return true;
    case kDevice:
      creation.device = text_or(value, CreationSettings().device);
      return true;
    case kPrecision:
      creation.precision = static_cast<CganPrecision>(g_value_get_enum(value));
      return true;
    case kWorkSize:
      creation.work_size = g_value_get_uint(value);
      return true;
    case kOverlap:
      creation.overlap = g_value_get_double(value);
      return true;
    case kBatch:
      creation.batch = g_value_get_uint(value);
      return true;
    case kThreads:
      creation.threads = g_value_get_uint(value);
      return true;
    case kVariant:
      creation.variant = g_value_get_uint64(value);
      return true;
    case kLookahead:
      creation.lookahead = g_value_get_uint(value);
      return true;
    case kMaxFrameDelay:
      creation.delay = g_value_get_int(value);
      return true;
    case kVividness:
      vividness = g_value_get_double(value);
      return true;
    case kStrength:
      strength = g_value_get_double(value);
      return true;
    case kSaturation:
      saturation = g_value_get_double(value);
      return true;
    case kWarmth:
      warmth = g_value_get_double(value);
      return true;
    case kSplit:
      split = g_value_get_double(value);
      return true;
    case kOnColor:
      on_colour = static_cast<CganOnColour>(g_value_get_enum(value));
      return true;
    case kTemporal:
      temporal = g_value_get_double(value);
      return true;
    case kCutThreshold:
      cut_threshold = g_value_get_double(value);
      return true;
    case kRefresh:
      refresh = g_value_get_uint(value);
      return true;
    case kStatsInterval:
      stats_interval = g_value_get_uint(value);
      return true;
    default:
      return false;
  }
}

bool PropertyValues::get(guint id, GValue* value) const {
  switch (id) {
    case kModel:
      g_value_set_string(value, creation.model.c_str());
      return true;
    case kDevice:
      g_value_set_string(value, creation.device.c_str());
      return true;
    case kPrecision:
      g_value_set_enum(value, creation.precision);
      return true;
    case kWorkSize:
      g_value_set_uint(value, creation.work_size);
      return true;
    case kOverlap:
      g_value_set_double(value, creation.overlap);
      return true;
    case kBatch:
      g_value_set_uint(value, creation.batch);
      return true;
    case kThreads:
      g_value_set_uint(value, creation.threads);
      return true;
    case kVariant:
      g_value_set_uint64(value, creation.variant);
      return true;
    case kLookahead:
      g_value_set_uint(value, creation.lookahead);
      return true;
    case kMaxFrameDelay:
      g_value_set_int(value, creation.delay);
      return true;
    case kVividness:
      g_value_set_double(value, vividness);
      return true;
    case kStrength:
      g_value_set_double(value, strength);
      return true;
    case kSaturation:
      g_value_set_double(value, saturation);
      return true;
    case kWarmth:
      g_value_set_double(value, warmth);
      return true;
    case kSplit:
      g_value_set_double(value, split);
      return true;
    case kOnColor:
      g_value_set_enum(value, on_colour);
      return true;
    case kTemporal:
      g_value_set_double(value, temporal);
      return true;
    case kCutThreshold:
      g_value_set_double(value, cut_threshold);
      return true;
    case kRefresh:
      g_value_set_uint(value, refresh);
      return true;
    case kStatsInterval:
      g_value_set_uint(value, stats_interval);
      return true;
    case kStats:
      g_value_take_boxed(value, stats());
      return true;
    default:
      return false;
  }
}

const gchar* const* look_properties() {
  static const gchar* const kNames[] = {"vividness", "strength",      "saturation",
                                        "warmth",    "on-color",      "temporal",
                                        "refresh",   "cut-threshold", nullptr};
  return kNames;
}

void install_properties(GObjectClass* owner) {
  const PropertyValues defaults;
  const CreationSettings& creation = defaults.creation;

  g_object_class_install_property(
      owner, kModel,
      g_param_spec_string("model", "Model",
                          "Name of a built-in model, or path of a .safetensors file that the "
                          "trainer wrote; a change takes effect at the next READY to PAUSED",
                          creation.model.c_str(), kAtCreation));
  g_object_class_install_property(
      owner, kDevice,
      g_param_spec_string("device", "Device",
                          "Where the network runs: auto (a CUDA card if there is one, else the "
                          "CPU), cpu, cuda or cuda:N; a change takes effect at the next READY to "
                          "PAUSED",
                          creation.device.c_str(), kAtCreation));
  g_object_class_install_property(
      owner, kPrecision,
      g_param_spec_enum("precision", "Precision",
                        "Number format of the network: fewer bits are faster on hardware made for "
                        "them and slightly less exact; a change takes effect at the next READY to "
                        "PAUSED",
                        GST_TYPE_CGAN_COLORIZE_PRECISION, creation.precision, kAtCreation));
  g_object_class_install_property(
      owner, kWorkSize,
      g_param_spec_uint("work-size", "Work size",
                        "Short side in pixels of the copy of the frame that the network sees; "
                        "larger: finer colour, slower (0 = the model's own choice); a change takes "
                        "effect at the next READY to PAUSED",
                        0, CGAN_LARGEST_SIDE, creation.work_size, kAtCreation));
  g_object_class_install_property(
      owner, kOverlap,
      g_param_spec_double("overlap", "Overlap",
                          "Share of a tile's side that neighbouring tiles have in common, a "
                          "sixteenth less at most; larger: softer transitions, slower; a change "
                          "takes effect at the next READY to PAUSED",
                          0.0, CGAN_LARGEST_OVERLAP, creation.overlap, kAtCreation));
  g_object_class_install_property(
      owner, kBatch,
      g_param_spec_uint("batch", "Batch",
                        "Tiles that go through the network at once; smaller: less memory (0 = all "
                        "tiles of a frame); a change takes effect at the next READY to PAUSED",
                        0, kLargestBatch, creation.batch, kAtCreation));
  g_object_class_install_property(
      owner, kThreads,
      g_param_spec_uint("threads", "Threads",
                        "CPU threads (0 = one per core); a change takes effect at the next READY "
                        "to PAUSED",
                        0, CGAN_MOST_THREADS, creation.threads, kAtCreation));
  g_object_class_install_property(
      owner, kVariant,
      g_param_spec_uint64("variant", "Variant",
                          "Number of the colour scheme: 0 is the model's first choice, every other "
                          "number gives another one, the same over a whole stream; a change takes "
                          "effect at the next READY to PAUSED",
                          0, G_MAXUINT64, creation.variant, kAtCreation));
  g_object_class_install_property(
      owner, kLookahead,
      g_param_spec_uint("lookahead", "Lookahead",
                        "Frames that each one waits for, so that later frames of its shot have a "
                        "say in its colour: the first ones after a cut agree with those that "
                        "follow; adds as many frames of latency, and the time of one more filter "
                        "pass for each; a change takes effect at the next READY to PAUSED",
                        0, CGAN_LONGEST_LOOKAHEAD, creation.lookahead, kAtCreation));
  g_object_class_install_property(
      owner, kMaxFrameDelay,
      g_param_spec_int("max-frame-delay", "Maximum frame delay",
                       "Frames that each one may wait while as many later ones are on their way, "
                       "each on one thread, which colours more of them in a second; adds as many "
                       "frames of latency; the colours are the same; 0: one frame after the other, "
                       "each on all threads; -1: 0 where upstream is live, else as many as are of "
                       "use; only with refresh=1; a change takes effect at the next READY to "
                       "PAUSED",
                       -1, CGAN_LONGEST_DELAY, creation.delay, kAtCreation));
  g_object_class_install_property(
      owner, kVividness,
      g_param_spec_double("vividness", "Vividness",
                          "How colourful a picture the network is asked for: -1 muted, 0 average, "
                          "1 vivid; better than saturation, for models that have this input "
                          "(photo)",
                          -1.0, 1.0, defaults.vividness, kAtAnyFrame));
  g_object_class_install_property(
      owner, kStrength,
      g_param_spec_double("strength", "Strength",
                          "How much of the network's colour is mixed in: 0 leaves the picture "
                          "gray, 1 takes the colour whole",
                          0.0, 1.0, defaults.strength, kAtAnyFrame));
  g_object_class_install_property(
      owner, kSaturation,
      g_param_spec_double("saturation", "Saturation",
                          "Factor on the colour: 0 is gray, 1 as the network gives it, 2 twice as "
                          "strong",
                          0.0, CGAN_LARGEST_SATURATION, defaults.saturation, kAtAnyFrame));
  g_object_class_install_property(
      owner, kWarmth,
      g_param_spec_double("warmth", "Warmth",
                          "Shifts the coloured picture towards orange (up to 1) or blue (down to "
                          "-1), as light of 5000 K does at 1: most in middle tones, black and "
                          "white stay neutral; luma stays",
                          -1.0, 1.0, defaults.warmth, kAtAnyFrame));
  g_object_class_install_property(
      owner, kSplit,
      g_param_spec_double("split", "Split",
                          "Share of the width on the left that shows the original beside the "
                          "colours: 0 colours all",
                          0.0, 1.0, defaults.split, kAtAnyFrame));
  g_object_class_install_property(
      owner, kOnColor,
      g_param_spec_enum("on-color", "On colour",
                        "What becomes of shots that are in colour already, decided for each shot; "
                        "a tint of the whole picture (sepia, green) is no colour and is replaced",
                        GST_TYPE_CGAN_COLORIZE_ON_COLOR, defaults.on_colour, kAtAnyFrame));
  g_object_class_install_property(
      owner, kTemporal,
      g_param_spec_double("temporal", "Steadiness in time",
                          "Share of the colour so far, carried along motion, in the new one: 0 "
                          "colours each frame alone, the default takes most of the flicker away "
                          "and forgets a wrong colour within a second",
                          0.0, 1.0, defaults.temporal, kAtAnyFrame));
  g_object_class_install_property(
      owner, kCutThreshold,
      g_param_spec_double("cut-threshold", "Cut threshold",
                          "How unlike the frame before the first of a new shot is, which begins "
                          "with colours of its own: 0 wherever motion leaves anything "
                          "unexplained, 1 none; same shots lie under 0.4, cuts above 0.7",
                          0.0, 1.0, defaults.cut_threshold, kAtAnyFrame));
  g_object_class_install_property(
      owner, kRefresh,
      g_param_spec_uint("refresh", "Refresh",
                        "The network runs on every n-th frame and at cuts, the frames between "
                        "carry their colour along motion; 1: on every frame, 0: when a tenth of "
                        "the picture has no sure colour, which is the fastest",
                        0, kLongestRefresh, defaults.refresh, kAtAnyFrame));
  g_object_class_install_property(
      owner, kStatsInterval,
      g_param_spec_uint("stats-interval", "Statistics interval",
                        "Seconds of running time from one element message with the statistics to "
                        "the next (0 = no messages)",
                        0, kLongestInterval, defaults.stats_interval, kAtAnyTime));
  g_object_class_install_property(
      owner, kStats,
      g_param_spec_boxed("stats", "Statistics",
                         "Of the stream so far: frames, those for which the network ran "
                         "(generated), those whose colour was carried along motion instead "
                         "(carried) and of these the ones that were late for the sink (late), "
                         "first frames of shots (cuts), frames whose own colour was kept (kept); "
                         "milliseconds that a frame took on average in the network, in the filter "
                         "over time and in the passes over its pixels (network-ms, steady-ms, "
                         "frame-ms), and the frames per second that this allows; device and "
                         "precision in use",
                         GST_TYPE_STRUCTURE,
                         static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  gst_type_mark_as_plugin_api(GST_TYPE_CGAN_COLORIZE_PRECISION, static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(GST_TYPE_CGAN_COLORIZE_ON_COLOR, static_cast<GstPluginAPIFlags>(0));
}

}  // namespace cgan
