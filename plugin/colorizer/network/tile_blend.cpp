#include "plugin/colorizer/network/tile_blend.h"

#include <algorithm>
#include <cmath>

namespace cgan {

TileBlend::TileBlend(const TileGrid& grid, int64_t chroma_scale)
    : width_(grid.width() / chroma_scale),
      height_(grid.height() / chroma_scale),
      tile_width_(grid.tile_width() / chroma_scale),
      tile_height_(grid.tile_height() / chroma_scale),
      columns_(axis(grid.columns(), width_, tile_width_, chroma_scale)),
      rows_(axis(grid.rows(), height_, tile_height_, chroma_scale)) {}

TileBlend::Axis TileBlend::axis(const std::vector<int64_t>& positions, int64_t length, int64_t tile,
                                int64_t chroma_scale) {
  constexpr double kPi = 3.14159265358979323846;
  std::vector<double> window(tile), sums(length);
  for (int64_t i = 0; i < tile; ++i) {
    const double wave = std::sin(kPi * (i + 0.5) / tile);
    window[i] = wave * wave;  // never 0: half a sample from the border at least
  }
  Axis result;
  for (const int64_t position : positions) {
    result.first.push_back(position / chroma_scale);
    for (int64_t i = 0; i < tile; ++i) sums[result.first.back() + i] += window[i];
  }
  for (const int64_t first : result.first) {
    for (int64_t i = 0; i < tile; ++i) {
      result.weights.push_back(static_cast<float>(window[i] / sums[first + i]));
    }
  }
  return result;
}

void TileBlend::blend_row(const float* tiles, int64_t y, float* cb, float* cr) const {
  std::fill(cb, cb + width_, 0.0f);
  std::fill(cr, cr + width_, 0.0f);
  const int64_t across = static_cast<int64_t>(columns_.first.size());
  const int64_t plane = tile_height_ * tile_width_;
  for (size_t row = 0; row < rows_.first.size(); ++row) {
    const int64_t line = y - rows_.first[row];
    if (line < 0 || line >= tile_height_) continue;
    const float row_weight = rows_.weights[row * tile_height_ + line];
    for (int64_t column = 0; column < across; ++column) {
      const float* weights = columns_.weights.data() + column * tile_width_;
      const float* source = tiles + (row * across + column) * 2 * plane + line * tile_width_;
      float* to_cb = cb + columns_.first[column];
      float* to_cr = cr + columns_.first[column];
#pragma omp simd
      for (int64_t i = 0; i < tile_width_; ++i) {
        const float weight = row_weight * weights[i];
        to_cb[i] += weight * source[i];
        to_cr[i] += weight * source[plane + i];
      }
    }
  }
}

void TileBlend::blend(const float* tiles, float* chroma, WorkerPool& pool) const {
  for_row_bands(pool, height_, [&](int64_t first, int64_t last, int) {
    for (int64_t y = first; y < last; ++y) {
      blend_row(tiles, y, chroma + y * width_, chroma + (height_ + y) * width_);
    }
  });
}

}  // namespace cgan
