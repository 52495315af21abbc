#include "plugin/colorizer/cpu/luma_match.h"

#include <algorithm>
#include <cmath>

#include "plugin/colorizer/pixel/match.h"

namespace cgan {
namespace {

constexpr int64_t kRadius = kMatchRadius;
constexpr int64_t kSide = 2 * kRadius + 1;
constexpr int64_t kBlock = 8;
constexpr float kLeastNoise = 0.75f * pixel::kCode, kMostNoise = 8.0f * pixel::kCode;
// Film repeats frames, then two pictures differ by nothing: grain is forgotten slowly.
constexpr float kNoiseKept = 0.95f;
// Ranks of the blocks that stand for grain, others move or are rough by themselves.
constexpr double kDifferenceRank = 0.4, kRoughnessRank = 0.5;
// Mean |second difference both ways| of grain -> mean difference of two pictures with that grain
// (Immerkaer, "Fast Noise Variance Estimation", 1996): sqrt(2) / 6.
constexpr float kRoughnessToDifference = 0.2357f;

float ranked(std::vector<float>& values, double rank) {
  const auto at = values.begin() + static_cast<int64_t>(rank * (values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

LumaMatch::LumaMatch(int64_t width, int64_t height, const RowLoops& loops)
    : loops_(loops),
      width_(width),
      height_(height),
      differences_((width + kBlock - 1) / kBlock * ((height + kBlock - 1) / kBlock)),
      roughness_(differences_.size()),
      sums_(2 * width * height),
      rows_(2 * (width + 2 * kRadius)),
      confidence_(width * height),
      level_(width * height) {}

/// Motion can only add to the difference, texture only to the roughness: the smaller is nearer.
void LumaMatch::measure_noise(const float* compensated, const float* luma) {
  const int64_t across = (width_ + kBlock - 1) / kBlock;
  const auto blocks = static_cast<int64_t>(differences_.size());
  for (int64_t block = 0; block < blocks; ++block) {
    const int64_t left = block % across * kBlock, top = block / across * kBlock;
    const int64_t right = std::min(left + kBlock, width_);
    const int64_t bottom = std::min(top + kBlock, height_);
    float difference = 0.0f, roughness = 0.0f;
    for (int64_t y = top; y < bottom; ++y) {
      const float* row = luma + y * width_;
      const float* above = luma + std::max<int64_t>(y - 1, 0) * width_;
      const float* below = luma + std::min(y + 1, height_ - 1) * width_;
      for (int64_t x = left; x < right; ++x) {
        difference += std::abs(row[x] - compensated[y * width_ + x]);
      }
      const auto curve = [&](int64_t x) { return pixel::curve(above[x], row[x], below[x]); };
      for (int64_t x = std::max<int64_t>(left, 1); x < std::min(right, width_ - 1); ++x) {
        roughness += std::abs(pixel::curve(curve(x - 1), curve(x), curve(x + 1)));
      }
    }
    const float share = 1.0f / static_cast<float>((right - left) * (bottom - top));
    differences_[block] = share * difference;
    roughness_[block] = share * roughness;
  }
  const float now = std::min(ranked(differences_, kDifferenceRank),
                             kRoughnessToDifference * ranked(roughness_, kRoughnessRank));
  noise_ = std::clamp(std::max(now, kNoiseKept * noise_), kLeastNoise, kMostNoise);
}

void LumaMatch::window_rows(const float* compensated, const float* luma, int64_t y, float* excess,
                            float* sums) {
  const float* const above = luma + std::max<int64_t>(y - 1, 0) * width_;
  const float* const below = luma + std::min(y + 1, height_ - 1) * width_;
  float* const level = excess + width_ + 2 * kRadius;
  loops_.excess_row({luma + y * width_, above, below, compensated + y * width_, width_}, excess,
                    level);
  for (float* values : {excess, level}) {
    std::fill_n(values - kRadius, kRadius, values[0]);
    std::fill_n(values + width_, kRadius, values[width_ - 1]);
    const int64_t plane = values == level ? height_ * width_ : 0;
    loops_.window_sums(values, width_, sums + plane + y * width_);
  }
}

void LumaMatch::compare(const float* compensated, const float* luma) {
  measure_noise(compensated, luma);
  float* const excess = rows_.data() + kRadius;
  for (int64_t y = 0; y < height_; ++y) window_rows(compensated, luma, y, excess, sums_.data());

  const float scale = pixel::match_scale(kSide * kSide, noise_);
  for (int64_t y = 0; y < height_; ++y) {
    const float *excesses[kSide], *levels[kSide];
    for (int64_t i = 0; i < kSide; ++i) {
      excesses[i] = sums_.data() + std::clamp<int64_t>(y + i - kRadius, 0, height_ - 1) * width_;
      levels[i] = excesses[i] + height_ * width_;
    }
    loops_.confidence_row(excesses, width_, scale, confidence_.data() + y * width_);
    loops_.level_row(levels, width_, level_.data() + y * width_);
  }
}

}  // namespace cgan
