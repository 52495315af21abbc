#pragma once

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

/// Share of a tone in a luma of that position among the tones, which are at 0, 1, 2 ...
CGAN_HOST_DEVICE float tone_share(float tone, float position) {
  const float apart = position < tone ? tone - position : position - tone;
  return apart < 1.0f ? 1.0f - apart : 0.0f;
}

/// How much a sample counts for the tint that it is so far from.
/// @param cb, cr what the tint leaves, codes of 8 bits
CGAN_HOST_DEVICE float tint_count(float cb, float cr) {
  constexpr float kFar = 4.0f;  // such a sample counts half
  return 1.0f / (1.0f + (cb * cb + cr * cr) / (kFar * kFar));
}

}  // namespace cgan::pixel
