#pragma once

#include "plugin/colorizer/pixel/match.h"
#include "plugin/colorizer/pixel/motion.h"
#include "plugin/colorizer/pixel/numbers.h"

/// How a picture differs from its reference that was brought to it, by the means of blocks; see
/// ExposureFit and PictureDifference. Sums over blocks are those of rows of blocks, then of all
/// rows, so that rows may be summed at the same time.
namespace cgan::pixel {

CGAN_HOST_DEVICE float exposed(float luma, float gain, float offset) {
  return gain * luma + offset;
}

struct Exposure {
  float gain, offset;
};

constexpr int kFitRounds = 4;
// A block lets go at five times the median distance, or at two codes where all are close.
constexpr float kFarthest = 5.0f;
constexpr float kLeastDistance = 0.4f * kCode;
constexpr float kLeastSpread = 2.0f * kCode;  // of the reference, for a gain to be known
constexpr float kMostGain = 4.0f;

/// @param reference, mean of a block in both pictures
CGAN_HOST_DEVICE float exposure_distance(const Exposure& exposure, float reference, float mean) {
  return magnitude(mean - exposure.gain * reference - exposure.offset);
}

/// Of the least squares.
struct ExposureSums {
  double weights = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
};
CGAN_HOST_DEVICE void add(ExposureSums& sums, const ExposureSums& more) {
  sums.weights += more.weights;
  sums.x += more.x;
  sums.y += more.y;
  sums.xx += more.xx;
  sums.xy += more.xy;
}
/// Adds a block.
/// @param median of the distances of all blocks
CGAN_HOST_DEVICE void add_block(ExposureSums& sums, const Exposure& exposure, float median,
                                float reference, float mean) {
  const float farthest = kFarthest * larger(median, kLeastDistance);
  const float share = exposure_distance(exposure, reference, mean) / farthest;
  if (share >= 1.0f) return;
  const double weight = (1.0 - share * share) * (1.0 - share * share);
  const double from = reference, to = mean;
  sums.weights += weight;
  sums.x += weight * from;
  sums.y += weight * to;
  sums.xx += weight * from * from;
  sums.xy += weight * from * to;
}
CGAN_HOST_DEVICE Exposure solved(const ExposureSums& sums) {
  // Half of the blocks are nearer than the farthest: the weights are never 0.
  const double x = sums.x / sums.weights, y = sums.y / sums.weights;
  const double spread = sums.xx / sums.weights - x * x;
  double gain = 1.0;
  if (spread > kLeastSpread * kLeastSpread) gain = (sums.xy / sums.weights - x * y) / spread;
  Exposure result = {};
  result.gain = limited(static_cast<float>(gain), 1.0f / kMostGain, kMostGain);
  result.offset = static_cast<float>(y) - result.gain * static_cast<float>(x);
  return result;
}

// One object of much detail is not the picture: so much of both together, and more, counts alike.
constexpr double kMuchDetail = 6.0 * kCode;

/// Of the difference of two pictures.
struct DifferenceSums {
  double detail = 0.0, unexplained = 0.0, weights = 0.0;  ///< See PictureDifference.
  double x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;  ///< Of the means: reference and present.
};
CGAN_HOST_DEVICE void add(DifferenceSums& sums, const DifferenceSums& more) {
  sums.detail += more.detail;
  sums.unexplained += more.unexplained;
  sums.weights += more.weights;
  sums.x += more.x;
  sums.y += more.y;
  sums.xx += more.xx;
  sums.yy += more.yy;
  sums.xy += more.xy;
}
CGAN_HOST_DEVICE void add_block(DifferenceSums& sums, const Fit& fit, float reference, float mean) {
  const double detail = fit.detail + fit.reference_detail;
  sums.detail += fit.detail;
  if (detail != 0.0) {
    const double weight = detail < kMuchDetail ? detail : kMuchDetail;
    sums.unexplained += weight * fit.residual / detail;
    sums.weights += weight;
  }
  const double from = reference, to = mean;
  sums.x += from;
  sums.y += to;
  sums.xx += from * from;
  sums.yy += to * to;
  sums.xy += from * to;
}

}  // namespace cgan::pixel
