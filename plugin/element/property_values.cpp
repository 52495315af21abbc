#include "plugin/element/property_values.h"

#include <algorithm>
#include <tuple>

namespace cgan {
namespace {

// refresh=0: a second of film at most, and while nine tenths of the picture are sure of their
// colour.
constexpr guint kMostCarried = 24;
constexpr double kMostUncertain = 0.1;

}  // namespace

bool CreationSettings::operator==(const CreationSettings& other) const {
  const auto all = [](const CreationSettings& s) {
    return std::tie(s.model, s.device, s.precision, s.work_size, s.overlap, s.batch, s.threads,
                    s.variant, s.lookahead, s.delay, s.device_passes, s.shots_only);
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
  settings.device_passes = device_passes ? 1 : 0;
  settings.shots_only = shots_only ? 1 : 0;
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
  // What a frame keeps the stream waiting: the rate of a pipeline in which nothing else takes time.
  const double call_ms = mean_ms(counts.call_ns);
  return gst_structure_new(
      "cgancolorize-stats", "frames", G_TYPE_UINT64, counts.frames, "generated", G_TYPE_UINT64,
      counts.generated, "carried", G_TYPE_UINT64, counts.carried, "late", G_TYPE_UINT64, late,
      "cuts", G_TYPE_UINT64, counts.cuts, "kept", G_TYPE_UINT64, counts.kept, "network-ms",
      G_TYPE_DOUBLE, mean_ms(counts.network_ns), "steady-ms", G_TYPE_DOUBLE,
      mean_ms(counts.steady_ns), "frame-ms", G_TYPE_DOUBLE, mean_ms(counts.frame_ns),
      "frames-per-second", G_TYPE_DOUBLE, call_ms > 0.0 ? 1e3 / call_ms : 0.0, "device",
      G_TYPE_STRING, used_device.c_str(), "precision", G_TYPE_STRING, used_precision.c_str(),
      nullptr);
}

}  // namespace cgan
