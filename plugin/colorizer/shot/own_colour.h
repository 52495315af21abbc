#pragma once

#include <cstdint>

namespace cgan {

/// What a backend measures of the colours that a frame has of its own; see ColourMeter.
struct ColourMeasure {
  int64_t cells = 0;      ///< Of the frame.
  int64_t picture = 0;    ///< Of these, those that are neither black nor white.
  int64_t coloured = 0;   ///< Of these, those that have another colour than the frame's tint.
  float lightest = 0.0f;  ///< Luma 0..1 of the lightest twentieth of the cells.
};

/// How much colour of its own a frame shows.
struct OwnColour {
  float share = 0.0f;  ///< Of the picture, 0..1, that has another colour than its tint.
  bool tells = false;  ///< Bright enough for a picture without colour to be one.
};

/// Luma of the lightest twentieth below which a picture is so dark that nothing can be said.
constexpr float kTooDark = 0.25f;

OwnColour judge_own_colour(const ColourMeasure& measure);

}  // namespace cgan
