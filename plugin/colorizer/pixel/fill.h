#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/match.h"
#include "plugin/colorizer/pixel/numbers.h"

/// How pixels of unknown colour get that of their surroundings; see ChromaFill.
namespace cgan::pixel {

/// Pixels between a pixel and its neighbours, of one pass after the other.
constexpr int kFillPasses = 7;
constexpr int64_t kFillSteps[kFillPasses] = {1, 2, 4, 8, 16, 4, 1};
// What an unknown pixel held counts next to nothing, but is there where nothing else is.
constexpr float kUnknownWeight = 1e-4f;

struct FilledColour {
  float cb, cr, weight;
};

/// Planes (height, width).
struct FillPlanes {
  const float *luma, *cb, *cr, *weight;
  int64_t width, height;
};

/// The mean of a pixel and its neighbours, by how like their luma is.
CGAN_HOST_DEVICE FilledColour filled_colour(const FillPlanes& planes, int64_t x, int64_t y,
                                            int64_t step) {
  const float own = planes.luma[y * planes.width + x];
  FilledColour sum = {0.0f, 0.0f, 0.0f};
  for (int64_t j = y - step; j <= y + step; j += step) {
    if (j < 0 || j >= planes.height) continue;
    for (int64_t i = x - step; i <= x + step; i += step) {
      if (i < 0 || i >= planes.width) continue;
      const int64_t at = j * planes.width + i;
      const float like = likeness(own, planes.luma[at]);
      const float weight = planes.weight[at] * like * like;
      sum.cb += weight * planes.cb[at];
      sum.cr += weight * planes.cr[at];
      sum.weight += weight;
    }
  }
  // The pixel itself is among them, so the sum is never 0.
  const float share = 1.0f / sum.weight;
  return {share * sum.cb, share * sum.cr, smaller(0.5f, sum.weight)};
}

}  // namespace cgan::pixel
