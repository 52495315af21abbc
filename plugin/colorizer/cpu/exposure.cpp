#include "plugin/colorizer/cpu/exposure.h"

#include <algorithm>

namespace cgan {
namespace {

using pixel::kBlock;

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
  for (size_t i = 0; i < count; ++i) scratch_[i] = means_[i] - reference_means_[i];
  exposure_ = {1.0f, median_of_scratch()};
  const auto across = static_cast<size_t>((width_ + kBlock - 1) / kBlock);
  for (int round = 0; round < pixel::kFitRounds; ++round) {
    for (size_t i = 0; i < count; ++i)
      scratch_[i] = pixel::exposure_distance(exposure_, reference_means_[i], means_[i]);
    const float median = median_of_scratch();
    pixel::ExposureSums sums;
    for (size_t row = 0; row < count; row += across) {
      pixel::ExposureSums of_row;
      for (size_t i = row; i < row + across; ++i)
        pixel::add_block(of_row, exposure_, median, reference_means_[i], means_[i]);
      pixel::add(sums, of_row);
    }
    exposure_ = pixel::solved(sums);
  }
}

}  // namespace cgan
