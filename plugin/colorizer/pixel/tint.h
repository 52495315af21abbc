#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

/// Luma samples that share a chroma sample, added up.
/// @param upper, lower rows of the frame, in both of which pixels left and right count where steps
///   of 2 lead there
template <typename Sample>
CGAN_HOST_DEVICE int shared_luma(const Sample* upper, const Sample* lower, int64_t left,
                                 int64_t right, int64_t step_x, int64_t step_y) {
  int sum = upper[left];
  if (step_x == 2) sum += upper[right];
  if (step_y == 2) sum += lower[left] + lower[right];
  return sum;
}
/// @param scale, offset of the plan
CGAN_HOST_DEVICE float meter_signal(int samples, float scale, float offset) {
  return static_cast<float>(samples) * scale + offset;
}

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
