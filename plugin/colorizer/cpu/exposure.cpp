#include "plugin/colorizer/cpu/exposure.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

constexpr int kFitRounds = 4;
constexpr float kCode = 1.0f / 127.5f;  // of 8 bits, in luma -1..1
// A block lets go at five times the median distance, or at two codes where all are close.
constexpr float kFarthest = 5.0f;
constexpr float kLeastDistance = 0.4f * kCode;
constexpr float kLeastSpread = 2.0f * kCode;  // of the reference, for a gain to be known
constexpr float kMostGain = 4.0f;

}  // namespace

ExposureFit::ExposureFit(int64_t width, int64_t height)
    : width_(width),
      height_(height),
      reference_means_((width + kBlock - 1) / kBlock * ((height + kBlock - 1) / kBlock)),
      means_(reference_means_.size()),
      scratch_(reference_means_.size()) {}

void ExposureFit::find_means(const float* plane, std::vector<float>& means) const {
  float* mean = means.data();
  for (int64_t top = 0; top < height_; top += kBlock) {
    const int64_t rows = std::min(kBlock, height_ - top);
    for (int64_t left = 0; left < width_; left += kBlock) {
      const int64_t columns = std::min(kBlock, width_ - left);
      float sum = 0.0f;
      for (int64_t y = 0; y < rows; ++y) {
        const float* row = plane + (top + y) * width_ + left;
        for (int64_t x = 0; x < columns; ++x) sum += row[x];
      }
      *mean++ = sum / static_cast<float>(rows * columns);
    }
  }
}

float ExposureFit::median_of_scratch() {
  const auto middle = scratch_.begin() + scratch_.size() / 2;
  std::nth_element(scratch_.begin(), middle, scratch_.end());
  return *middle;
}

void ExposureFit::fit(const float* reference, const float* luma) {
  find_means(reference, reference_means_);
  find_means(luma, means_);
  const size_t count = means_.size();
  gain_ = 1.0f;
  for (size_t i = 0; i < count; ++i) scratch_[i] = means_[i] - reference_means_[i];
  offset_ = median_of_scratch();

  for (int round = 0; round < kFitRounds; ++round) {
    const auto distance = [this](size_t i) {
      return std::abs(means_[i] - gain_ * reference_means_[i] - offset_);
    };
    for (size_t i = 0; i < count; ++i) scratch_[i] = distance(i);
    const float farthest = kFarthest * std::max(median_of_scratch(), kLeastDistance);
    double weights = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    for (size_t i = 0; i < count; ++i) {
      const float share = distance(i) / farthest;
      if (share >= 1.0f) continue;
      const double weight = (1.0 - share * share) * (1.0 - share * share);
      const double from = reference_means_[i], to = means_[i];
      weights += weight;
      x += weight * from;
      y += weight * to;
      xx += weight * from * from;
      xy += weight * from * to;
    }
    x /= weights;  // half of the blocks are nearer than the farthest: never 0
    y /= weights;
    const double spread = xx / weights - x * x;
    double gain = 1.0;
    if (spread > kLeastSpread * kLeastSpread) gain = (xy / weights - x * y) / spread;
    gain_ = std::clamp(static_cast<float>(gain), 1.0f / kMostGain, kMostGain);
    offset_ = static_cast<float>(y) - gain_ * static_cast<float>(x);
  }
}

}  // namespace cgan
