#pragma once

// The element's properties: their specifications (the text of gst-inspect-1.0), their defaults and
// their values. It knows GObject, but not the element that owns the values.

#include <gst/gst.h>

#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

// What a colorizer is made with. A change takes effect when the element next goes from READY to
// PAUSED: a network is not exchanged under a running stream.
struct CreationSettings {
  std::string model = "photo";  // built-in name or path of a .safetensors file
  std::string device = "auto";  // "auto", "cpu", "cuda" or "cuda:N"
  CganPrecision precision = CGAN_PRECISION_AUTO;
  guint work_size = 0;   // pixels, 0..16384; 0: the model's own choice
  double overlap = 0.5;  // share of a tile's side, 0..0.75
  guint batch = 0;       // tiles, 0..65536; 0: all of a frame
  guint threads = 0;     // 0..256; 0: one per core
  guint64 variant = 0;   // 0: the first choice
  guint lookahead = 0;   // frames, 0..12
  gint delay = -1;       // frames, 0..64; -1: by the liveness of the pipeline

  bool operator==(const CreationSettings& other) const;
  bool operator!=(const CreationSettings& other) const { return !(*this == other); }

  // Borrows the strings of this object.
  CganSettings for_colorizer() const;
};

// Thread-safety: none of its own; the owner holds a lock around set, get and copies.
struct PropertyValues {
  CreationSettings creation;
  // These may change with every frame.
  double vividness = 0.0;   // -1..1
  double strength = 1.0;    // 0..1
  double saturation = 1.0;  // 0..4
  double warmth = 0.0;      // -1..1
  double split = 0.0;       // 0..1, share of the width
  CganOnColour on_colour = CGAN_ON_COLOUR_KEEP;
  double temporal = 0.95;       // 0..1
  double cut_threshold = 0.55;  // 0..1
  guint refresh = 1;  // 0..1000: the network runs on every n-th frame; 0: when motion asks for it
  guint stats_interval = 0;  // seconds; 0: no messages

  // Only read from outside.
  CganCounts counts = {};
  guint64 late = 0;  // frames that were carried because they were late
  std::string used_device, used_precision;

  // What the next frame is coloured with.
  CganLook look() const;
  // The value of "stats"; transfer full.
  GstStructure* stats() const;

  // `id` is that of install_properties. False: no such property. `is_creation` tells whether the
  // property belongs to `creation`.
  bool set(guint id, const GValue* value, bool* is_creation);
  bool get(guint id, GValue* value) const;
};

// Names of those that make up a look, as a preset keeps them, ended by NULL: neither what depends
// on the machine or is made for a moment, nor model and variant, which presets go with.
const gchar* const* look_properties();

// Installs all properties with the ids that PropertyValues understands; `owner` needs set_property
// and get_property.
void install_properties(GObjectClass* owner);

}  // namespace cgan

// Values as in CganOnColour; nicks "keep", "recolor".
#define GST_TYPE_CGAN_COLORIZE_ON_COLOR (gst_cgan_colorize_on_color_get_type())
GType gst_cgan_colorize_on_color_get_type();

// Values as in CganPrecision; nicks "auto", "fp32", "bf16", "fp16", "int8".
#define GST_TYPE_CGAN_COLORIZE_PRECISION (gst_cgan_colorize_precision_get_type())
GType gst_cgan_colorize_precision_get_type();
