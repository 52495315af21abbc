#include "plugin/colorizer/cpu/luma_match.h"

#include <algorithm>

#include "plugin/colorizer/pixel/match.h"
#include "plugin/colorizer/pixel/motion.h"

namespace cgan {
namespace {

constexpr int64_t kRadius = kMatchRadius;
constexpr int64_t kSide = 2 * kRadius + 1;
using pixel::kBlock;

float ranked(std::vector<float>& values, int64_t rank) {
  const auto at = values.begin() + rank;
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

void LumaMatch::measure_noise(const float* compensated, const float* luma) {
  const int64_t across = (width_ + kBlock - 1) / kBlock;
  const auto blocks = static_cast<int64_t>(differences_.size());
  for (int64_t block = 0; block < blocks; ++block) {
    const int64_t left = block % across * kBlock, top = block / across * kBlock;
    const pixel::BlockNoise noise =
        pixel::block_noise(luma, compensated, width_, height_, left,
                           std::min(left + kBlock, width_), top, std::min(top + kBlock, height_));
    differences_[block] = noise.difference;
    roughness_[block] = noise.roughness;
  }
  noise_ = pixel::next_noise(noise_, ranked(differences_, pixel::difference_rank(blocks)),
                             ranked(roughness_, pixel::roughness_rank(blocks)));
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

  const float scale = pixel::match_scale(noise_);
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
