#include "plugin/colorizer/network/consensus.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

int64_t cells_of(int64_t length, int64_t factor) {
  return (length + factor - 1) / factor;
}

float cell_mean(const float* plane, int64_t width, int64_t height, int64_t factor, int64_t column,
                int64_t row) {
  const int64_t right = std::min((column + 1) * factor, width);
  const int64_t below = std::min((row + 1) * factor, height);
  float sum = 0.0f;
  for (int64_t y = row * factor; y < below; ++y)
    for (int64_t x = column * factor; x < right; ++x) sum += plane[y * width + x];
  return sum / static_cast<float>((right - column * factor) * (below - row * factor));
}

/// Two cells and the weight of the second for a sample: their middles lie around it.
struct Between {
  int64_t first, second;
  float weight;
};

Between between(int64_t sample, int64_t factor, int64_t count) {
  const double position = (static_cast<double>(sample) + 0.5) / static_cast<double>(factor) - 0.5;
  const double below = std::floor(position);
  const auto clamped = [count](double cell) {
    return std::clamp<int64_t>(static_cast<int64_t>(cell), 0, count - 1);
  };
  return {clamped(below), clamped(below + 1), static_cast<float>(position - below)};
}

}  // namespace

Consensus::Consensus(int64_t width, int64_t height, int64_t factor, int64_t chroma_scale)
    : width_(width),
      height_(height),
      factor_(factor),
      scale_(chroma_scale),
      luma_columns_(cells_of(width, factor)),
      luma_rows_(cells_of(height, factor)) {}

int64_t Consensus::cells() const {
  return cells_of(width_ / scale_, factor_) * cells_of(height_ / scale_, factor_);
}

void Consensus::reduce(const float* luma, float* coarse, int64_t columns, int64_t rows) const {
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns; ++x)
      coarse[y * columns + x] =
          cell_mean(luma, width_, height_, factor_, std::min(x, luma_columns_ - 1),
                    std::min(y, luma_rows_ - 1));
}

void Consensus::align(const float* coarse, int64_t coarse_columns, int64_t coarse_rows,
                      float* lacking, float* chroma) const {
  const int64_t width = width_ / scale_, height = height_ / scale_;
  const int64_t columns = cells_of(width, factor_), rows = cells_of(height, factor_);
  for (int plane = 0; plane < 2; ++plane) {
    const float* const wanted = coarse + plane * coarse_columns * coarse_rows;
    float* const samples = chroma + plane * width * height;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < columns; ++column)
        lacking[row * columns + column] = wanted[row * coarse_columns + column] -
                                          cell_mean(samples, width, height, factor_, column, row);
    for (int64_t y = 0; y < height; ++y) {
      const Between vertical = between(y, factor_, rows);
      const float* const above = lacking + vertical.first * columns;
      const float* const below = lacking + vertical.second * columns;
      for (int64_t x = 0; x < width; ++x) {
        const Between across = between(x, factor_, columns);
        const auto along = [&across](const float* cells_of_row) {
          const float left = cells_of_row[across.first];
          return left + across.weight * (cells_of_row[across.second] - left);
        };
        const float upper = along(above);
        samples[y * width + x] += upper + vertical.weight * (along(below) - upper);
      }
    }
  }
}

}  // namespace cgan
