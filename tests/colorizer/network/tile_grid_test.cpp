#include "plugin/colorizer/network/tile_grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace cgan {
namespace {

int64_t aside(int64_t tile) {
  return std::min<int64_t>(3, tile / 16);
}

void expect_sound_axis(const std::vector<int64_t>& positions, int64_t length, int64_t tile,
                       double overlap, int64_t alignment) {
  ASSERT_FALSE(positions.empty());
  EXPECT_EQ(positions.front(), 0);
  EXPECT_EQ(positions.back(), length - tile) << "length " << length;
  for (size_t i = 1; i < positions.size(); ++i) {
    const int64_t step = positions[i] - positions[i - 1];
    EXPECT_GT(step, 0);
    EXPECT_LE(step, tile);
    EXPECT_GE(tile - step, tile * overlap - aside(tile / alignment) * alignment - 1e-9)
        << "length " << length;
    EXPECT_EQ(positions[i] % alignment, 0);
  }
}

TEST(TileGrid, CoversEveryLengthWithTheAskedOverlap) {
  for (const double overlap : {0.0, 0.25, 0.5, 0.75}) {
    for (int64_t length = 32; length < 400; ++length) {
      const TileGrid grid(length, 32, 32, 32, overlap, 1);
      expect_sound_axis(grid.columns(), length, 32, overlap, 1);
      EXPECT_EQ(grid.rows().size(), 1u);
    }
  }
}

TEST(TileGrid, BeginsTilesAtMultiplesOfTheAlignment) {
  for (int64_t length = 32; length < 400; length += 2) {
    const TileGrid grid(32, length, 32, 32, 0.5, 2);
    expect_sound_axis(grid.rows(), length, 32, 0.5, 2);
  }
}

TEST(TileGrid, SpreadsTheTilesEvenly) {
  const TileGrid grid(171, 96, 32, 32, 0.5, 1);
  for (const auto* axis : {&grid.columns(), &grid.rows()}) {
    int64_t least = 1000, most = 0;
    for (size_t i = 1; i < axis->size(); ++i) {
      least = std::min(least, (*axis)[i] - (*axis)[i - 1]);
      most = std::max(most, (*axis)[i] - (*axis)[i - 1]);
    }
    EXPECT_LE(most - least, 1 + 2 * aside(32));
  }
}

TEST(TileGrid, DoesNotLayTheNetworksGridOnThatOfANeighbour) {
  constexpr int64_t kTile = 512, kUnit = 2;
  for (const double overlap : {0.25, 0.5, 0.75})
    for (int64_t length = kTile; length < 6 * kTile; length += kUnit) {
      const TileGrid grid(length, kTile, kTile, kTile, overlap, kUnit);
      const auto& columns = grid.columns();
      expect_sound_axis(columns, length, kTile, overlap, kUnit);
      if (columns.size() < 3) continue;  // both are where they must be
      for (size_t i = 1; i < columns.size(); ++i)
        EXPECT_NE((columns[i] - columns[i - 1]) % (4 * kUnit), 0) << "length " << length;
    }
}

TEST(TileGrid, UsesNoMoreTilesThanTheOverlapNeeds) {
  EXPECT_EQ(TileGrid(32, 32, 32, 32, 0.5, 1).count(), 1);
  EXPECT_EQ(TileGrid(96, 64, 32, 32, 0.0, 1).count(), 6);
  EXPECT_EQ(TileGrid(96, 96, 32, 32, 0.5, 1).count(), 25);
}

TEST(TileGrid, CutsTheTilesRowByRow) {
  std::vector<float> picture(7 * 5);
  std::iota(picture.begin(), picture.end(), 0.0f);
  const TileGrid grid(7, 5, 4, 3, 0.0, 1);
  ASSERT_EQ(grid.count(), 4);
  std::vector<float> tiles(grid.count() * 12);
  grid.cut(picture.data(), tiles.data());
  size_t i = 0;
  for (const int64_t y : {0, 2}) {
    for (const int64_t x : {0, 3}) {
      for (int64_t line = 0; line < 3; ++line) {
        for (int64_t column = 0; column < 4; ++column) {
          EXPECT_EQ(tiles[i++], picture[(y + line) * 7 + x + column]);
        }
      }
    }
  }
}

}  // namespace
}  // namespace cgan
