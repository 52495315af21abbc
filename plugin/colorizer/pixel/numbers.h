#pragma once

#include <cmath>
#include <cstdint>

#include "plugin/colorizer/pixel/host_device.h"

namespace cgan::pixel {

// By value, unlike std::max, std::min and std::clamp, whose references keep gcc 12 from
// vectorising.
CGAN_HOST_DEVICE float larger(float a, float b) {
  return a > b ? a : b;
}
CGAN_HOST_DEVICE float smaller(float a, float b) {
  return a < b ? a : b;
}
CGAN_HOST_DEVICE float limited(float value, float lowest, float highest) {
  return value < lowest ? lowest : highest < value ? highest : value;
}
CGAN_HOST_DEVICE float magnitude(float value) {
  return fabsf(value);
}

CGAN_HOST_DEVICE int64_t clamped(int64_t value, int64_t highest) {
  return value < 0 ? 0 : value > highest ? highest : value;
}

/// @param share 0..1: how far from the first to the second
CGAN_HOST_DEVICE float between(float first, float second, float share) {
  return first + share * (second - first);
}

}  // namespace cgan::pixel
