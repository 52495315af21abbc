#pragma once

// The values of the element's properties, and what the colorizer is told by them. Names, texts and
// limits are in properties.cpp.

#include <gst/gst.h>

#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

// What a colorizer is made with. A change takes effect when the element next goes from READY to
// PAUSED: a network is not exchanged under a running stream.
struct CreationSettings {
  std::string model = CGAN_DEFAULT_MODEL;
  std::string device = CGAN_DEFAULT_DEVICE;
  CganPrecision precision = CGAN_PRECISION_AUTO;
  guint work_size = 0;  // pixels; 0: the model's own choice
  double overlap = CGAN_DEFAULT_OVERLAP;
  guint batch = 0;      // tiles; 0: all of a frame
  guint threads = 0;    // 0: one per core
  guint64 variant = 0;  // 0: the first choice
  guint lookahead = 0;  // frames
  gint delay = -1;      // frames, of the streams; -1: by the liveness of the pipeline
  bool device_passes = false;
  bool shots_only = false;

  bool operator==(const CreationSettings& other) const;
  bool operator!=(const CreationSettings& other) const { return !(*this == other); }

  // Borrows the strings of this object.
  CganSettings for_colorizer() const;
};

// Thread-safety: none of its own; the owner holds a lock around changes and copies.
struct PropertyValues {
  CreationSettings creation;
  // These may change with every frame.
  double vividness = 0.0;
  double strength = 1.0;
  double saturation = 1.0;
  double warmth = 0.0;
  double split = 0.0;  // share of the width
  CganOnColour on_colour = CGAN_ON_COLOUR_KEEP;
  double temporal = CGAN_DEFAULT_TEMPORAL;
  double cut_threshold = CGAN_DEFAULT_CUT_THRESHOLD;
  guint refresh = 1;         // the network runs on every n-th frame; 0: when motion asks for it
  guint stats_interval = 0;  // seconds; 0: no messages

  // Only read from outside.
  CganCounts counts = {};
  guint64 late = 0;  // frames that were carried because they were late
  std::string used_device, used_precision;

  // What the next frame is coloured with.
  CganLook look() const;
  // The value of "stats"; transfer full.
  GstStructure* stats() const;
};

}  // namespace cgan
