#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

/// Luma of the output.
/// @param table of the plan
/// @param sample, shift of the input
CGAN_HOST_DEVICE uint16_t converted_luma(const uint16_t* table, int sample, int shift) {
  return table[sample >> shift];
}

/// Chroma of the output, from codes of the input around its site.
/// @param across, down how far the site lies from the left to the right ones and down
/// @param scale, offset, highest of the plan
CGAN_HOST_DEVICE int converted_chroma(float upper_left, float upper_right, float lower_left,
                                      float lower_right, float across, float down, float scale,
                                      float offset, float highest) {
  const float code = between(between(upper_left, upper_right, across),
                             between(lower_left, lower_right, across), down) *
                         scale +
                     offset;
  return static_cast<int>(limited(code, 0.0f, highest) + 0.5f);
}

}  // namespace cgan::pixel
