#pragma once

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

constexpr float kCode = 1.0f / 127.5f;  ///< Of 8 bits, in luma -1..1.

// Sure below so many times the difference that grain makes, lost above.
constexpr float kSure = 1.8f, kLost = 3.2f;
// Pixels by which luma may lie beside the truth: motion is found in whole ones.
constexpr float kSlip = 0.6f;

/// Second difference of three values.
CGAN_HOST_DEVICE float curve(float first, float middle, float last) {
  return first - 2.0f * middle + last;
}

/// How far luma is from another one beyond what a slip explains.
/// @param level their difference
/// @param left, right, above, below luma of the neighbours
CGAN_HOST_DEVICE float luma_excess(float level, float left, float right, float above, float below) {
  const float slope = magnitude(right - left) + magnitude(below - above);
  return magnitude(level) - 0.5f * kSlip * slope;
}

/// @param pixels of a window
/// @param noise mean difference that grain makes
/// @return what match_confidence() takes
CGAN_HOST_DEVICE float match_scale(int pixels, float noise) {
  return 1.0f / (static_cast<float>(pixels) * noise * (kLost - kSure));
}
/// @param excess sum over a window
/// @return 0: something else .. 1: the same thing
CGAN_HOST_DEVICE float match_confidence(float excess, float scale) {
  constexpr float kOffset = kLost / (kLost - kSure);
  return limited(kOffset - scale * excess, 0.0f, 1.0f);
}

/// Of a neighbour that a pixel is filled from: the root of its weight.
CGAN_HOST_DEVICE float likeness(float luma, float other) {
  constexpr float kLikeLuma = 8.0f / 127.5f;  // where a neighbour's weight falls to a quarter
  const float apart = (other - luma) * (1.0f / kLikeLuma);
  return 1.0f / (1.0f + apart * apart);
}

}  // namespace cgan::pixel
