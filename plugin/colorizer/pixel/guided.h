#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

/// Luma of a chroma sample of the work picture, 0..1: the mean of kScale by kScale pixels.
/// @param luma first row of the sample's, -1..1
/// @param x of the sample
template <int kScale>
CGAN_HOST_DEVICE float fit_luma(const float* luma, int64_t stride, int64_t x) {
  float sum = 0.0f;
  for (int line = 0; line < kScale; ++line) {
    for (int i = 0; i < kScale; ++i) sum += luma[line * stride + x * kScale + i];
  }
  return 0.5f + 0.5f * sum / static_cast<float>(kScale * kScale);
}

/// Of a neighbourhood, by least squares: chroma = slope * luma + rest.
/// @param variance_floor below which the neighbourhood counts as flat
/// @return what guided_slope() takes for both chroma planes
CGAN_HOST_DEVICE float guided_inverse(float mean_luma, float mean_square, float variance_floor) {
  const float variance = larger(mean_square - mean_luma * mean_luma, 0.0f);
  return 1.0f / (variance + variance_floor);
}
CGAN_HOST_DEVICE float guided_slope(float mean_product, float mean_luma, float mean_chroma,
                                    float inverse) {
  return (mean_product - mean_luma * mean_chroma) * inverse;
}
/// What the slope leaves of a sample's chroma.
CGAN_HOST_DEVICE float guided_rest(float chroma, float slope, float luma) {
  return chroma - slope * luma;
}

/// Chroma of a frame's sample.
/// @param upper_slope, lower_slope, upper_rest, lower_rest of the two rows that it lies between
/// @param share how far from the upper to the lower
CGAN_HOST_DEVICE float guided_chroma(float upper_slope, float lower_slope, float upper_rest,
                                     float lower_rest, float share, float luma) {
  return between(upper_slope, lower_slope, share) * luma + between(upper_rest, lower_rest, share);
}

}  // namespace cgan::pixel
