#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

constexpr float kCode = 1.0f / 127.5f;  ///< Of 8 bits, in luma -1..1.

// Sure below so many times the difference that grain makes, lost above.
constexpr float kSure = 1.8f, kLost = 3.2f;
// Pixels by which luma may lie beside the truth: motion is found in whole ones.
constexpr float kSlip = 0.6f;

/// Half the side of a window.
constexpr int64_t kMatchRadius = 2;
constexpr int kMatchPixels = (2 * kMatchRadius + 1) * (2 * kMatchRadius + 1);

/// In the order in which every loop adds.
CGAN_HOST_DEVICE float sum_of_five(float a, float b, float c, float d, float e) {
  return ((a + b) + (c + d)) + e;
}

constexpr float kLeastNoise = 0.75f * kCode, kMostNoise = 8.0f * kCode;
// Film repeats frames, then two pictures differ by nothing: grain is forgotten slowly.
constexpr float kNoiseKept = 0.95f;
// Mean |second difference both ways| of grain -> mean difference of two pictures with that grain
// (Immerkaer, "Fast Noise Variance Estimation", 1996): sqrt(2) / 6.
constexpr float kRoughnessToDifference = 0.2357f;

/// Motion can only add to the difference, texture only to the roughness: the smaller is nearer.
/// @param noise so far
/// @param difference, roughness means of blocks that stand for grain
CGAN_HOST_DEVICE float next_noise(float noise, float difference, float roughness) {
  const float now = smaller(difference, kRoughnessToDifference * roughness);
  return limited(larger(now, kNoiseKept * noise), kLeastNoise, kMostNoise);
}

/// Second difference of three values.
CGAN_HOST_DEVICE float curve(float first, float middle, float last) {
  return first - 2.0f * middle + last;
}

/// Ranks of the blocks that stand for grain, others move or are rough by themselves.
constexpr int64_t difference_rank(int64_t blocks) {
  return static_cast<int64_t>(0.4 * static_cast<double>(blocks - 1));
}
constexpr int64_t roughness_rank(int64_t blocks) {
  return static_cast<int64_t>(0.5 * static_cast<double>(blocks - 1));
}

/// What speaks of grain in a block.
struct BlockNoise {
  float difference;  ///< Mean difference of luma and the one that was brought to it.
  float roughness;   ///< Mean second difference of luma both ways.
};
/// Of pixels left .. right - 1 of rows top .. bottom - 1.
/// @param luma, compensated (height, width)
CGAN_HOST_DEVICE BlockNoise block_noise(const float* luma, const float* compensated, int64_t width,
                                        int64_t height, int64_t left, int64_t right, int64_t top,
                                        int64_t bottom) {
  BlockNoise sums = {0.0f, 0.0f};
  for (int64_t y = top; y < bottom; ++y) {
    const float* const row = luma + y * width;
    const float* const above = luma + clamped(y - 1, height - 1) * width;
    const float* const below = luma + clamped(y + 1, height - 1) * width;
    for (int64_t x = left; x < right; ++x)
      sums.difference += magnitude(row[x] - compensated[y * width + x]);
    const auto bend = [&](int64_t x) { return curve(above[x], row[x], below[x]); };
    const int64_t first = left > 1 ? left : 1, end = right < width - 1 ? right : width - 1;
    for (int64_t x = first; x < end; ++x)
      sums.roughness += magnitude(curve(bend(x - 1), bend(x), bend(x + 1)));
  }
  const float share = 1.0f / static_cast<float>((right - left) * (bottom - top));
  return {share * sums.difference, share * sums.roughness};
}

/// How far luma is from another one beyond what a slip explains.
/// @param level their difference
/// @param left, right, above, below luma of the neighbours
CGAN_HOST_DEVICE float luma_excess(float level, float left, float right, float above, float below) {
  const float slope = magnitude(right - left) + magnitude(below - above);
  return magnitude(level) - 0.5f * kSlip * slope;
}

/// @param noise mean difference that grain makes
/// @return what match_confidence() takes
CGAN_HOST_DEVICE float match_scale(float noise) {
  return 1.0f / (static_cast<float>(kMatchPixels) * noise * (kLost - kSure));
}
/// Mean difference of luma.
/// @param sum over a window
CGAN_HOST_DEVICE float match_level(float sum) {
  constexpr float kShare = 1.0f / kMatchPixels;
  return kShare * sum;
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
