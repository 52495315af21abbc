#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

constexpr float kCodesPerUnit = 127.5f;  ///< Luma -1..1 in the codes of 8 bits.
constexpr int kNoDetail = 128;

/// Half the side of the square of the local mean.
constexpr int64_t kDetailRadius = 4;

/// In the order in which every loop adds.
CGAN_HOST_DEVICE float sum_of_nine(float a, float b, float c, float d, float e, float f, float g,
                                   float h, float i) {
  return ((a + b) + (c + d)) + ((e + f) + (g + h)) + i;
}

/// Luma less its local mean, as a code 0..255 around kNoDetail.
/// @param sum over a square of side 2 kDetailRadius + 1
CGAN_HOST_DEVICE int detail_code(float luma, float sum) {
  constexpr float kShare = 1.0f / ((2 * kDetailRadius + 1) * (2 * kDetailRadius + 1));
  const float code = (luma - sum * kShare) * kCodesPerUnit + (kNoDetail + 0.5f);
  return static_cast<int>(limited(code, 0.0f, 255.0f));
}

}  // namespace cgan::pixel
