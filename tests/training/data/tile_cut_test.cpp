#include "training/data/tile_cut.h"

#include <gtest/gtest.h>

#include <vector>

#include "training/data/random.h"

namespace cgan::testing {
namespace {

std::vector<uint8_t> noise(int64_t height, int64_t width) {
  SplitMix64 random(3);
  std::vector<uint8_t> rgb(height * width * 3);
  for (auto& value : rgb) value = static_cast<uint8_t>(random.below(256));
  return rgb;
}

std::vector<uint8_t> tile_of(const PictureView& picture, const TileCut& cut, int64_t tile,
                             int64_t down = 0, int64_t right = 0) {
  std::vector<uint8_t> rgb(tile * tile * 3);
  cut_tile(picture, cut, tile, down, right, rgb.data());
  return rgb;
}

TEST(CutTile, CopiesASquareOfTheTilesSize) {
  const auto rgb = noise(9, 11);
  const auto tile = tile_of({rgb.data(), 9, 11}, {2, 3, 5, false}, 5);
  const auto mirrored = tile_of({rgb.data(), 9, 11}, {2, 3, 5, true}, 5);
  for (int64_t y = 0; y < 5; ++y)
    for (int64_t x = 0; x < 5; ++x)
      for (int c = 0; c < 3; ++c) {
        ASSERT_EQ(tile[(y * 5 + x) * 3 + c], rgb[((y + 3) * 11 + x + 2) * 3 + c]);
        ASSERT_EQ(mirrored[(y * 5 + 4 - x) * 3 + c], tile[(y * 5 + x) * 3 + c]);
      }
}

TEST(CutTile, TakesTheMeanOfTheAreaUnderEachPixel) {
  const auto rgb = noise(9, 11);
  constexpr int64_t kTile = 4, kSide = 7, kLeft = 3, kTop = 1;
  const auto tile = tile_of({rgb.data(), 9, 11}, {kLeft, kTop, kSide, false}, kTile);
  // The square with every pixel repeated kTile times has kSide x kSide values under a tile's pixel.
  for (int64_t y = 0; y < kTile; ++y)
    for (int64_t x = 0; x < kTile; ++x)
      for (int c = 0; c < 3; ++c) {
        double sum = 0;
        for (int64_t v = y * kSide; v < (y + 1) * kSide; ++v)
          for (int64_t u = x * kSide; u < (x + 1) * kSide; ++u)
            sum += rgb[((kTop + v / kTile) * 11 + kLeft + u / kTile) * 3 + c];
        ASSERT_NEAR(tile[(y * kTile + x) * 3 + c], sum / (kSide * kSide), 0.5 + 1e-9);
      }
}

TEST(CutTile, InterpolatesASmallerSquare) {
  const auto rgb = noise(9, 11);
  constexpr int64_t kTile = 7, kSide = 4, kLeft = 3, kTop = 2;
  const auto tile = tile_of({rgb.data(), 9, 11}, {kLeft, kTop, kSide, false}, kTile);
  for (int64_t y = 0; y < kTile; ++y)
    for (int64_t x = 0; x < kTile; ++x) {
      const double at_y = kTop + (y + 0.5) * kSide / kTile - 0.5;
      const double at_x = kLeft + (x + 0.5) * kSide / kTile - 0.5;
      const auto top = static_cast<int64_t>(at_y), left = static_cast<int64_t>(at_x);
      const double v = at_y - top, u = at_x - left;
      for (int c = 0; c < 3; ++c) {
        const auto pixel = [&](int64_t row, int64_t column) {
          return static_cast<double>(rgb[(row * 11 + column) * 3 + c]);
        };
        const double expected = (1 - v) * ((1 - u) * pixel(top, left) + u * pixel(top, left + 1)) +
                                v * ((1 - u) * pixel(top + 1, left) + u * pixel(top + 1, left + 1));
        ASSERT_NEAR(tile[(y * kTile + x) * 3 + c], expected, 0.5 + 1e-9);
      }
    }
}

TEST(CutTile, KeepsAConstantPictureConstant) {
  for (int value : {0, 1, 127, 254, 255}) {
    const std::vector<uint8_t> rgb(40 * 40 * 3, static_cast<uint8_t>(value));
    for (int64_t side = 20; side <= 40; ++side)
      for (const auto seen : tile_of({rgb.data(), 40, 40}, {0, 0, side, false}, 32))
        ASSERT_EQ(seen, value);
  }
}

TEST(CutTile, KeepsAGradientAGradient) {
  std::vector<uint8_t> rgb;
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 40; ++x)
      for (int value : {6 * x, 6 * y, 3 * (x + y)}) rgb.push_back(static_cast<uint8_t>(value));
  for (int64_t side = 32; side <= 39; ++side) {
    const auto tile = tile_of({rgb.data(), 40, 40}, {1, 0, side, false}, 32);
    for (int64_t y = 0; y < 32; ++y)
      for (int64_t x = 0; x < 32; ++x) {
        const double at_x = 1 + (x + 0.5) * side / 32 - 0.5, at_y = (y + 0.5) * side / 32 - 0.5;
        const uint8_t* seen = tile.data() + (y * 32 + x) * 3;
        ASSERT_NEAR(seen[0], 6 * at_x, 0.5 + 6.0 * 32 / (4 * side));
        ASSERT_NEAR(seen[1], 6 * at_y, 0.5 + 6.0 * 32 / (4 * side));
        ASSERT_NEAR(seen[2], 3 * (at_x + at_y), 0.5 + 6.0 * 32 / (4 * side));
      }
  }
}

TEST(CutTile, ShowsTheSameSceneFromAnotherPlace) {
  const auto rgb = noise(24, 26);
  constexpr int64_t kTile = 16;
  for (const bool mirrored : {false, true})
    for (const int64_t side : {11, 16, 19, 24}) {
      const TileCut cut{2, -3, side, mirrored};
      const auto here = tile_of({rgb.data(), 24, 26}, cut, kTile);
      for (const int64_t down : {-8, 0, 6})
        for (const int64_t right : {-4, 0, 8}) {
          const auto there = tile_of({rgb.data(), 24, 26}, cut, kTile, down, right);
          for (int64_t y = 0; y < kTile; ++y)
            for (int64_t x = 0; x < kTile; ++x) {
              const int64_t from_y = y + down, from_x = x + right;
              if (from_y < 0 || from_y >= kTile || from_x < 0 || from_x >= kTile) continue;
              for (int c = 0; c < 3; ++c)
                ASSERT_EQ(there[(y * kTile + x) * 3 + c], here[(from_y * kTile + from_x) * 3 + c]);
            }
        }
    }
}

}  // namespace
}  // namespace cgan::testing
