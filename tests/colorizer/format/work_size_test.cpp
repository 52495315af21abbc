#include "plugin/colorizer/format/work_size.h"

#include <gtest/gtest.h>

namespace cgan {
namespace {

constexpr int64_t kTile = 32;

TEST(WorkSize, NeverExceedsTheFrame) {
  for (int64_t side = 1; side < 150; ++side) {
    const WorkSize size = work_size_for(side, 2 * side, 96, {kTile, kTile, 2});
    EXPECT_LE(size.width, side);
    EXPECT_LE(size.height, 2 * side);
  }
}

TEST(WorkSize, HasTheAskedShortSideAndTheFramesShape) {
  const WorkSize size = work_size_for(1920, 1080, 96, {kTile, kTile, 1});
  EXPECT_EQ(size.height, 96);
  EXPECT_EQ(size.width, 171);
  EXPECT_EQ(size.padded_width, 171);
}

TEST(WorkSize, IsOneTileAsLongAsTheLargestOneHoldsIt) {
  const TileRule rule = {512, 32, 2};
  const WorkSize whole = work_size_for(1920, 1080, 160, rule);
  EXPECT_EQ(whole.width, 284);
  EXPECT_EQ(whole.height, 160);
  EXPECT_EQ(whole.padded_width, 288);
  EXPECT_EQ(whole.padded_height, 160);
  EXPECT_EQ(whole.tile_width, 288);
  EXPECT_EQ(whole.tile_height, 160);
  const WorkSize wide = work_size_for(1921, 500, 200, rule);
  EXPECT_EQ(wide.width, 768);
  EXPECT_EQ(wide.tile_width, 512);
  EXPECT_EQ(wide.padded_width, 768);
  EXPECT_EQ(wide.tile_height, 224);
  EXPECT_EQ(wide.padded_height, 224);
}

TEST(WorkSize, IsPaddedToATileAndToTheAlignment) {
  const WorkSize small = work_size_for(5, 3, 96, {kTile, kTile, 1});
  EXPECT_EQ(small.padded_width, kTile);
  EXPECT_EQ(small.padded_height, kTile);
  const WorkSize odd = work_size_for(101, 99, 200, {kTile, kTile, 2});
  EXPECT_EQ(odd.padded_width, 102);
  EXPECT_EQ(odd.padded_height, 100);
}

}  // namespace
}  // namespace cgan
