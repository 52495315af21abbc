#pragma once

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

/// The pixels of one axis that a chroma sample covers: its own; its own and the next; these and the
/// one before, which count half.
enum class Cover { kPixel, kPair, kThree };

/// Sum of the weights of a cover's pixels.
constexpr int weights_of(Cover cover) {
  return 1 << static_cast<int>(cover);
}

/// The weighted pixels of an axis.
/// @param before, own, after along the axis; what the cover leaves out is not looked at
template <Cover kCover>
CGAN_HOST_DEVICE int covered(int before, int own, int after) {
  if constexpr (kCover == Cover::kPixel) return own;
  if constexpr (kCover == Cover::kPair) return own + after;
  return before + 2 * own + after;
}

/// @param sum of the samples that are covered, by their weights
/// @param scale, offset sum -> signal
/// @return 0 (black) .. 1 (white)
CGAN_HOST_DEVICE float site_luma(int sum, float scale, float offset) {
  const float signal = static_cast<float>(sum) * scale + offset;
  return smaller(larger(signal, 0.0f), 1.0f);
}

}  // namespace cgan::pixel
