#pragma once

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

constexpr float kCodesPerUnit = 127.5f;  ///< Luma -1..1 in the codes of 8 bits.
constexpr int kNoDetail = 128;

/// Luma less its local mean, as a code 0..255 around kNoDetail.
CGAN_HOST_DEVICE int detail_code(float luma, float mean) {
  const float code = (luma - mean) * kCodesPerUnit + (kNoDetail + 0.5f);
  return static_cast<int>(limited(code, 0.0f, 255.0f));
}

}  // namespace cgan::pixel
