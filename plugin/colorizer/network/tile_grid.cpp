#include "plugin/colorizer/network/tile_grid.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

// What transposed convolutions leave in a network's output: steps at every fourth sample from the
// tile's border on, a third larger than between them.
constexpr int64_t kNetworkGrid = 4;
// So far a tile gives way that its grid does not lie on its neighbour's: three samples bring it
// halfway between from everywhere. Not more than a sixteenth of small tiles.
int64_t most_aside(int64_t tile) {
  return std::min(kNetworkGrid - 1, tile / 16);
}

/// All in units of the alignment.
std::vector<int64_t> spread(int64_t length, int64_t tile, double overlap) {
  // The step is rounded down, so that only giving way takes from the overlap that was asked for,
  // and rounding the positions does not.
  const int64_t room = length - tile;
  const auto asked = std::max<int64_t>(
      1, static_cast<int64_t>(std::floor(static_cast<double>(tile) * (1.0 - overlap))));
  const int64_t longest = std::min(asked + most_aside(tile), tile);
  const int64_t gaps = (room + asked - 1) / asked;
  const auto even = [&](int64_t i) { return i * room / gaps; };
  std::vector<int64_t> positions(gaps + 1);
  for (int64_t i = 1; i <= gaps; ++i) {
    // How good a place is: 2 halfway between the lines of the tile before, 1 beside them, else 0.
    const auto worth = [&](int64_t position) {
      const int64_t step = position - positions[i - 1], next = even(i + 1) - position;
      if (step <= 0 || step > longest || next > longest) return 0;
      if (step % kNetworkGrid == 0 || (i + 1 == gaps && next % kNetworkGrid == 0)) return 0;
      return step % kNetworkGrid == kNetworkGrid / 2 ? 2 : 1;
    };
    positions[i] = even(i);
    for (int64_t aside = 1; i < gaps && aside <= most_aside(tile); ++aside)
      if (worth(even(i) - aside) > worth(positions[i])) positions[i] = even(i) - aside;
  }
  return positions;
}

std::vector<int64_t> spread(int64_t length, int64_t tile, double overlap, int64_t alignment) {
  auto positions = spread(length / alignment, tile / alignment, overlap);
  for (int64_t& position : positions) position *= alignment;
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
