#include "plugin/colorizer/network/tile_blend.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "plugin/colorizer/cpu/work_copy.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

constexpr int64_t kTile = 32;

std::vector<float> random_tiles(size_t count, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(-0.5f, 0.5f);
  std::vector<float> tiles(count);
  for (float& number : tiles) number = value(random);
  return tiles;
}

TEST(TileBlend, IsTheWeightedMeanOfTheTilesUnderARaisedCosine) {
  const TileGrid grid(61, 47, 16, 16, 0.4, 1);
  const TileBlend blend(grid, 1);
  const std::vector<float> tiles = random_tiles(grid.count() * 2 * 16 * 16, 3);
  std::vector<float> chroma(2 * 61 * 47);
  WorkerPool pool(1);
  blend.blend(tiles.data(), chroma.data(), pool);

  const auto window = [](int64_t i) { return 0.5 - 0.5 * std::cos(2.0 * M_PI * (i + 0.5) / 16); };
  for (int64_t plane = 0; plane < 2; ++plane) {
    for (int64_t y = 0; y < 47; ++y) {
      for (int64_t x = 0; x < 61; ++x) {
        double sum = 0.0, weights = 0.0;
        int64_t tile = 0;
        for (const int64_t top : grid.rows()) {
          for (const int64_t left : grid.columns()) {
            const int64_t i = x - left, j = y - top;
            if (i >= 0 && i < 16 && j >= 0 && j < 16) {
              const double weight = window(i) * window(j);
              sum += weight * tiles[((tile * 2 + plane) * 16 + j) * 16 + i];
              weights += weight;
            }
            ++tile;
          }
        }
        ASSERT_NEAR(chroma[(plane * 47 + y) * 61 + x], sum / weights, 1e-6);
      }
    }
  }
}

/// A generator that hands back what it sees: the chroma of every tile is its luma.
void identity(const std::vector<float>& tiles, int64_t plane, std::vector<float>& chroma) {
  for (size_t from = 0; from < tiles.size(); from += plane) {
    std::copy_n(tiles.begin() + from, plane, chroma.begin() + 2 * from);
    std::copy_n(tiles.begin() + from, plane, chroma.begin() + 2 * from + plane);
  }
}

TEST(TileBlend, GivesBackTheInputOfAnIdentityGeneratorAtEverySize) {
  WorkerPool pool(1);
  std::vector<uint8_t> memory(210 * 150);
  std::mt19937 random(11);
  for (uint8_t& code : memory) code = static_cast<uint8_t>(random());
  std::vector<float> work, tiles, tile_chroma, chroma;
  for (int64_t height = 1; height <= 150; ++height) {
    for (int64_t width = 1; width <= 200; ++width) {
      const int64_t stride = width + width % 11;
      const WorkSize size = work_size_for(width, height, 200, {kTile, kTile, 1});
      const StreamFormat format = StreamFormat::from(
          test::stream_of(width, height, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420, 1));
      work.resize(size.padded_width * size.padded_height);
      WorkCopy(WorkCopyPlan::of(format, size), pool).run({memory.data(), stride}, work.data());
      const TileGrid grid(size.padded_width, size.padded_height, kTile, kTile, 0.25, 1);
      const TileBlend blend(grid, 1);
      tiles.resize(grid.count() * kTile * kTile);
      tile_chroma.resize(2 * tiles.size());
      chroma.resize(2 * size.padded_width * size.padded_height);
      grid.cut(work.data(), tiles.data());
      identity(tiles, kTile * kTile, tile_chroma);
      blend.blend(tile_chroma.data(), chroma.data(), pool);
      float worst = 0.0f;
      for (int64_t y = 0; y < height; ++y) {
        for (int64_t x = 0; x < width; ++x) {
          const float input = memory[y * stride + x] / 127.5f - 1.0f;
          const int64_t at = y * size.padded_width + x;
          const int64_t plane = size.padded_width * size.padded_height;
          worst =
              std::max({worst, std::abs(chroma[at] - input), std::abs(chroma[plane + at] - input)});
        }
      }
      // A few roundings of numbers up to 1.
      ASSERT_LT(worst, 1e-6f) << width << " x " << height;
    }
  }
}

TEST(TileBlend, JoinsTilesOfHalfSizeChroma) {
  const TileGrid grid(102, 70, kTile, kTile, 0.5, 2);
  const TileBlend blend(grid, 2);
  ASSERT_EQ(blend.width(), 51);
  ASSERT_EQ(blend.height(), 35);
  std::vector<float> picture = random_tiles(51 * 35, 5), tile_chroma(grid.count() * 2 * 16 * 16);
  float* to = tile_chroma.data();
  for (const int64_t top : grid.rows()) {
    for (const int64_t left : grid.columns()) {
      for (int64_t plane = 0; plane < 2; ++plane) {
        for (int64_t y = 0; y < 16; ++y) {
          for (int64_t x = 0; x < 16; ++x) *to++ = picture[(top / 2 + y) * 51 + left / 2 + x];
        }
      }
    }
  }
  std::vector<float> chroma(2 * 51 * 35);
  WorkerPool pool(1);
  blend.blend(tile_chroma.data(), chroma.data(), pool);
  for (int64_t i = 0; i < 51 * 35; ++i) {
    ASSERT_NEAR(chroma[i], picture[i], 1e-6);
    ASSERT_NEAR(chroma[51 * 35 + i], picture[i], 1e-6);
  }
}

}  // namespace
}  // namespace cgan
