#pragma once

// What is known of a film's picture before its first frame goes on.

#include <gst/gst.h>
#include <gst/video/video.h>

#include <optional>
#include <string>

#include "examples/colorize_film/film_pipeline.h"

namespace colorize_film {

struct FirstPicture {
  GstVideoInfo info;
  bool has_light_values;  // of bright screens (HDR): of the master's screen, or of the film
  bool is_top_first;      // the field, where it has two
  std::optional<bool> said_order;  // the same, where only the container says it, not the frames
  bool has_unsaid_order;           // it has two fields, and nobody says which is first
  std::string lost_grid;  // of chroma, "YCbCr-4:4:0", where its decoder gives another; else empty
};

// Of the film `input`. `packets`, `frames`: caps before and behind its decoder, the latter may be
// NULL; `flags`: of the first frame. Throws RunError where there is no picture, or one that would
// come out wrong.
FirstPicture read_first_picture(const FilmPipeline& film, const std::string& input,
                                GstCaps* packets, GstCaps* frames, guint flags);

}  // namespace colorize_film
