#include "plugin/colorizer/tile_grid.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

std::vector<int64_t> spread(int64_t length, int64_t tile, double overlap, int64_t alignment) {
  // Counted in units of the alignment. The step is rounded down, so that rounding the positions
  // cannot take away from the overlap that was asked for.
  const int64_t room = (length - tile) / alignment;
  const auto asked = static_cast<int64_t>(std::floor(tile * (1.0 - overlap) / alignment));
  const int64_t step = std::max<int64_t>(1, asked);
  const int64_t gaps = (room + step - 1) / step;
  std::vector<int64_t> positions(gaps + 1);
  for (int64_t i = 1; i <= gaps; ++i) positions[i] = i * room / gaps * alignment;
  return positions;
}

}  // namespace

TileGrid::TileGrid(int64_t width, int64_t height, int64_t tile_width, int64_t tile_height,
                   double overlap, int64_t alignment)
    : width_(width),
      height_(height),
      tile_width_(tile_width),
      tile_height_(tile_height),
      columns_(spread(width, tile_width, overlap, alignment)),
      rows_(spread(height, tile_height, overlap, alignment)) {}

void TileGrid::cut(const float* picture, float* tiles) const {
  for (const int64_t y : rows_) {
    for (const int64_t x : columns_) {
      for (int64_t line = 0; line < tile_height_; ++line, tiles += tile_width_) {
        const float* source = picture + (y + line) * width_ + x;
        std::copy(source, source + tile_width_, tiles);
      }
    }
  }
}

}  // namespace cgan
