#include "plugin/element/properties.h"

#include <functional>
#include <type_traits>
#include <vector>

GType gst_cgan_colorize_precision_get_type() {
  static const GEnumValue kValues[] = {
      {CGAN_PRECISION_AUTO,
       "fp16 on CUDA; on the CPU int8 where the model is calibrated for it and the processor has "
       "AVX2 or better, else fp32",
       "auto"},
      {CGAN_PRECISION_FP32, "32 bit floating point", "fp32"},
      {CGAN_PRECISION_BF16,
       "16 bit floating point with the range of 32 bit, many times slower on a CPU that has no "
       "instructions for it",
       "bf16"},
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

constexpr guint kLongestRefresh = 1000;    // frames
constexpr guint kLongestInterval = 86400;  // seconds

constexpr GParamFlags flags(int extra) {
  return static_cast<GParamFlags>(G_PARAM_STATIC_NAME | G_PARAM_STATIC_NICK | extra);
}
constexpr GParamFlags kAtCreation = flags(G_PARAM_READWRITE | GST_PARAM_MUTABLE_READY);
constexpr GParamFlags kAtAnyTime = flags(G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING);
constexpr GParamFlags kAtAnyFrame =
    flags(G_PARAM_READWRITE | GST_PARAM_MUTABLE_PLAYING | GST_PARAM_CONTROLLABLE);

struct Property {
  GParamSpec* spec;  // belongs to the class
  bool is_creation;
  std::function<void(PropertyValues&, const GValue*)> set;  // empty: only read
  std::function<void(const PropertyValues&, GValue*)> get;
};

struct Text {
  const char *name, *nick;
  std::string blurb;
};

// NULL gives a text its default back, as elsewhere in GStreamer.
std::string read(const GValue* value, const std::string& fallback) {
  const char* text = g_value_get_string(value);
  return text != nullptr ? text : fallback;
}
guint read(const GValue* value, guint) {
  return g_value_get_uint(value);
}
bool read(const GValue* value, bool) {
  return g_value_get_boolean(value) != FALSE;
}
gint read(const GValue* value, gint) {
  return g_value_get_int(value);
}
guint64 read(const GValue* value, guint64) {
  return g_value_get_uint64(value);
}
double read(const GValue* value, double) {
  return g_value_get_double(value);
}
template <typename Enum>
std::enable_if_t<std::is_enum_v<Enum>, Enum> read(const GValue* value, Enum) {
  return static_cast<Enum>(g_value_get_enum(value));
}

void write(const std::string& field, GValue* value) {
  g_value_set_string(value, field.c_str());
}
void write(guint field, GValue* value) {
  g_value_set_uint(value, field);
}
void write(bool field, GValue* value) {
  g_value_set_boolean(value, field ? TRUE : FALSE);
}
void write(gint field, GValue* value) {
  g_value_set_int(value, field);
}
void write(guint64 field, GValue* value) {
  g_value_set_uint64(value, field);
}
void write(double field, GValue* value) {
  g_value_set_double(value, field);
}
template <typename Enum>
std::enable_if_t<std::is_enum_v<Enum>> write(Enum field, GValue* value) {
  g_value_set_enum(value, field);
}

GParamSpec* spec_of(const Text& text, guint least, guint most, guint fallback, GParamFlags when) {
  return g_param_spec_uint(text.name, text.nick, text.blurb.c_str(), least, most, fallback, when);
}
GParamSpec* spec_of(const Text& text, gint least, gint most, gint fallback, GParamFlags when) {
  return g_param_spec_int(text.name, text.nick, text.blurb.c_str(), least, most, fallback, when);
}
GParamSpec* spec_of(const Text& text, guint64 least, guint64 most, guint64 fallback,
                    GParamFlags when) {
  return g_param_spec_uint64(text.name, text.nick, text.blurb.c_str(), least, most, fallback, when);
}
GParamSpec* spec_of(const Text& text, double least, double most, double fallback,
                    GParamFlags when) {
  return g_param_spec_double(text.name, text.nick, text.blurb.c_str(), least, most, fallback, when);
}

template <typename Part>
constexpr bool kIsCreation = std::is_same_v<Part, CreationSettings>;
template <typename Part>
constexpr GParamFlags kWhen = kIsCreation<Part> ? kAtCreation : kAtAnyFrame;

// The part of the values that a field is in.
template <typename Part, typename Values>
auto& part_of(Values& values) {
  if constexpr (kIsCreation<Part>) {
    return values.creation;
  } else {
    return values;
  }
}

template <typename Part>
Text with_time(Text text) {
  if (kIsCreation<Part>) text.blurb += "; a change takes effect at the next READY to PAUSED";
  return text;
}

// A field keeps the default that it has in a new PropertyValues.
template <typename Part, typename Type>
Type default_of(Type Part::*field) {
  return Part().*field;
}

template <typename Part, typename Type>
Property property(GParamSpec* spec, Type Part::*field) {
  return {spec, kIsCreation<Part>,
          [field](PropertyValues& values, const GValue* value) {
            part_of<Part>(values).*field = read(value, default_of(field));
          },
          [field](const PropertyValues& values, GValue* value) {
            write(part_of<Part>(values).*field, value);
          }};
}

template <typename Part, typename Type>
Property number(const Text& text, Type Part::*field, std::common_type_t<Type> least,
                std::common_type_t<Type> most, GParamFlags when = kWhen<Part>) {
  return property(spec_of(with_time<Part>(text), least, most, default_of(field), when), field);
}

Property name(const Text& text, std::string CreationSettings::*field) {
  const Text full = with_time<CreationSettings>(text);
  return property(g_param_spec_string(full.name, full.nick, full.blurb.c_str(),
                                      default_of(field).c_str(), kAtCreation),
                  field);
}

Property flag(const Text& text, bool CreationSettings::*field) {
  const Text full = with_time<CreationSettings>(text);
  return property(g_param_spec_boolean(full.name, full.nick, full.blurb.c_str(),
                                       default_of(field) ? TRUE : FALSE, kAtCreation),
                  field);
}

template <typename Part, typename Enum>
Property choice(const Text& text, Enum Part::*field, GType type) {
  const Text full = with_time<Part>(text);
  return property(g_param_spec_enum(full.name, full.nick, full.blurb.c_str(), type,
                                    default_of(field), kWhen<Part>),
                  field);
}

Property statistics(const Text& text) {
  GParamSpec* const spec = g_param_spec_boxed(text.name, text.nick, text.blurb.c_str(),
                                              GST_TYPE_STRUCTURE, flags(G_PARAM_READABLE));
  return {spec, false, {}, [](const PropertyValues& values, GValue* value) {
            g_value_take_boxed(value, values.stats());
          }};
}

std::vector<Property> creation_properties() {
  using Settings = CreationSettings;
  return {
      name({"model", "Model",
            "Name of a built-in model, or path of a .safetensors file that the trainer wrote"},
           &Settings::model),
      name({"device", "Device",
            "Where the network runs: auto (a CUDA card if there is one, else the CPU), cpu, cuda "
            "or cuda:N"},
           &Settings::device),
      choice({"precision", "Precision",
              "Number format of the network: fewer bits are faster on hardware made for them and "
              "slightly less exact"},
             &Settings::precision, GST_TYPE_CGAN_COLORIZE_PRECISION),
      number({"work-size", "Work size",
              "Short side in pixels of the copy of the frame that the network sees; larger: finer "
              "colour, slower (0 = the model's own choice)"},
             &Settings::work_size, 0, CGAN_LARGEST_SIDE),
      number({"overlap", "Overlap",
              "Share of a tile's side that neighbouring tiles have in common, a sixteenth less at "
              "most; larger: softer transitions, slower"},
             &Settings::overlap, 0.0, CGAN_LARGEST_OVERLAP),
      number({"batch", "Batch",
              "Tiles that go through the network at once; smaller: less memory (0 = all tiles of a "
              "frame)"},
             &Settings::batch, 0, CGAN_LARGEST_BATCH),
      number({"threads", "Threads", "CPU threads (0 = one per core)"}, &Settings::threads, 0,
             CGAN_MOST_THREADS),
      number({"variant", "Variant",
              "Number of the colour scheme: 0 is the model's first choice, every other number "
              "gives another one, the same over a whole stream"},
             &Settings::variant, 0, G_MAXUINT64),
      number({"lookahead", "Lookahead",
              "Frames that each one waits for, so that later frames of its shot have a say in its "
              "colour: the first ones after a cut agree with those that follow; adds as many "
              "frames of latency, and the time of one more filter pass for each"},
             &Settings::lookahead, 0, CGAN_LONGEST_LOOKAHEAD),
      number(
          {"max-frame-delay", "Maximum frame delay",
           "Frames that each one may wait while as many later ones are on their way, each on "
           "one thread, which colours more of them in a second; adds as many frames of latency; "
           "the colours are the same; 0: one frame after the other, each on all threads; -1: 0 "
           "where upstream is live, else as many as are of use; only where refresh is 1 when the "
           "stream begins, which keeps its delay when refresh changes later"},
          &Settings::delay, -1, CGAN_LONGEST_DELAY),
      flag({"device-passes", "Passes on the device",
            "On a CUDA card the passes over the pixels of the frames run there, too, instead of on "
            "the CPU, and frames may stay in its memory (memory:CUDAMemory): built and tested by "
            "emulation, but not yet proven on a card"},
           &Settings::device_passes),
      flag({"shots-only", "Shots only",
            "Find the first frames of shots and colour nothing: much faster, for who divides a "
            "film"},
           &Settings::shots_only),
  };
}

std::vector<Property> look_of_frames() {
  using Values = PropertyValues;
  return {
      number({"vividness", "Vividness",
              "How colourful a picture the network is asked for: -1 muted, 0 average, 1 vivid; "
              "better than saturation, for models that have this input (photo)"},
             &Values::vividness, -1.0, 1.0),
      number({"strength", "Strength",
              "How much of the network's colour is mixed in: 0 leaves the picture grey, 1 takes "
              "the colour whole"},
             &Values::strength, 0.0, 1.0),
      number({"saturation", "Saturation",
              "Factor on the colour: 0 is grey, 1 as the network gives it, 2 twice as strong"},
             &Values::saturation, 0.0, CGAN_LARGEST_SATURATION),
      number({"warmth", "Warmth",
              "Shifts the coloured picture towards orange (up to 1) or blue (down to -1), as light "
              "of 5000 K does at 1: most in middle tones, black and white stay neutral; luma "
              "stays"},
             &Values::warmth, -1.0, 1.0),
      number({"split", "Split",
              "Share of the width on the left that shows the original beside the colours: 0 "
              "colours all"},
             &Values::split, 0.0, 1.0),
      choice({"on-color", "On colour",
              "What becomes of shots that are in colour already, decided for each shot; a tint of "
              "the whole picture (sepia, green) is no colour and is replaced"},
             &Values::on_colour, GST_TYPE_CGAN_COLORIZE_ON_COLOR),
      number({"temporal", "Steadiness in time",
              "Share of the colour so far, carried along motion, in the new one: 0 colours each "
              "frame alone, the default takes most of the flicker away and forgets a wrong colour "
              "within a second"},
             &Values::temporal, 0.0, 1.0),
      number({"cut-threshold", "Cut threshold",
              "How unlike the frame before the first of a new shot is, which begins with colours "
              "of its own: 0 wherever motion leaves anything unexplained, 1 none; same shots lie "
              "under 0.4, cuts above 0.7"},
             &Values::cut_threshold, 0.0, 1.0),
      number({"refresh", "Refresh",
              "The network runs on every n-th frame and at cuts, the frames between carry their "
              "colour along motion; 1: on every frame, 0: when a tenth of the picture has no sure "
              "colour, which is the fastest"},
             &Values::refresh, 0, kLongestRefresh),
  };
}

std::vector<Property> reports() {
  return {
      number({"stats-interval", "Statistics interval",
              "Seconds of running time from one element message with the statistics to the next (0 "
              "= no messages)"},
             &PropertyValues::stats_interval, 0, kLongestInterval, kAtAnyTime),
      statistics({"stats", "Statistics",
                  "Of the stream so far: frames, those for which the network ran (generated), "
                  "those whose colour was carried along motion instead (carried) and of these the "
                  "ones that were late for the sink (late), first frames of shots (cuts), frames "
                  "whose own colour was kept (kept); milliseconds that a frame took on average in "
                  "the network, in the filter over time and in the passes over its pixels "
                  "(network-ms, steady-ms, frame-ms), and the frames per second that this allows; "
                  "device and precision in use"}),
  };
}

// In the order of their ids, which begin with 1.
const std::vector<Property>& properties() {
  static const std::vector<Property> kProperties = [] {
    std::vector<Property> all = creation_properties();
    for (const auto& more : {look_of_frames(), reports()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return kProperties;
}

const Property* find_property(guint id) {
  return id >= 1 && id <= properties().size() ? &properties()[id - 1] : nullptr;
}

}  // namespace

void install_properties(GObjectClass* owner) {
  guint id = 0;
  for (const Property& property : properties()) {
    g_object_class_install_property(owner, ++id, property.spec);
  }
  gst_type_mark_as_plugin_api(GST_TYPE_CGAN_COLORIZE_PRECISION, static_cast<GstPluginAPIFlags>(0));
  gst_type_mark_as_plugin_api(GST_TYPE_CGAN_COLORIZE_ON_COLOR, static_cast<GstPluginAPIFlags>(0));
}

bool set_property_value(PropertyValues& values, guint id, const GValue* value, bool* is_creation) {
  const Property* const property = find_property(id);
  if (property == nullptr || !property->set) return false;
  *is_creation = property->is_creation;
  property->set(values, value);
  return true;
}

bool get_property_value(const PropertyValues& values, guint id, GValue* value) {
  const Property* const property = find_property(id);
  if (property == nullptr) return false;
  property->get(values, value);
  return true;
}

const gchar* const* look_properties() {
  static const gchar* const kNames[] = {"vividness", "strength",      "saturation",
                                        "warmth",    "on-color",      "temporal",
                                        "refresh",   "cut-threshold", nullptr};
  return kNames;
}

}  // namespace cgan
