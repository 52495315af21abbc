#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

/// Where a position beyond the end of an axis lies on it: mirrored with period 2 * length, the
/// border repeated.
CGAN_HOST_DEVICE int64_t mirrored(int64_t position, int64_t length) {
  const int64_t folded = position % (2 * length);
  return folded < length ? folded : 2 * length - 1 - folded;
}

/// One more sample of an area mean.
/// @param weight share of the sample that lies in the area
CGAN_HOST_DEVICE float area_step(float sum, float weight, float sample) {
  return sum + weight * sample;
}

/// @param sum of the weighted samples of an area
/// @param scale, offset of the plan: sum -> -1 (black) .. 1 (white)
CGAN_HOST_DEVICE float work_luma(float sum, float scale, float offset) {
  return limited(sum * scale + offset, -1.0f, 1.0f);
}

}  // namespace cgan::pixel
