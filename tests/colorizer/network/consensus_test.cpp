#include "plugin/colorizer/network/consensus.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace cgan {
namespace {

TEST(Consensus, ReducesLumaToTheMeansOfCellsAndRepeatsTheLast) {
  const Consensus consensus(5, 4, 2, 1);
  EXPECT_EQ(consensus.width(), 3);
  EXPECT_EQ(consensus.height(), 2);
  std::vector<float> luma(20);
  for (int i = 0; i < 20; ++i) luma[i] = static_cast<float>(i);
  std::vector<float> coarse(4 * 3, -1.0f);
  consensus.reduce(luma.data(), coarse.data(), 4, 3);
  // Rows 0 and 1 hold 0..4 and 5..9; the last column is a cell of its own.
  EXPECT_EQ(coarse,
            (std::vector<float>{3, 5, 6.5f, 6.5f, 13, 15, 16.5f, 16.5f, 13, 15, 16.5f, 16.5f}));
}

TEST(Consensus, ChangesNothingWhereTilesAndWholeAgree) {
  Consensus consensus(12, 8, 2, 2);  // chroma of 6x4, cells of 2x2
  std::vector<float> chroma(2 * 24);
  for (size_t i = 0; i < chroma.size(); ++i) chroma[i] = std::sin(static_cast<float>(i));
  std::vector<float> coarse(2 * 3 * 2);
  for (int plane = 0; plane < 2; ++plane)
    for (int row = 0; row < 2; ++row)
      for (int column = 0; column < 3; ++column) {
        const float* const corner = chroma.data() + plane * 24 + 2 * row * 6 + 2 * column;
        coarse[plane * 6 + row * 3 + column] = (corner[0] + corner[1] + corner[6] + corner[7]) / 4;
      }
  const auto before = chroma;
  std::vector<float> lacking(consensus.cells());
  consensus.align(coarse.data(), 3, 2, lacking.data(), chroma.data());
  for (size_t i = 0; i < chroma.size(); ++i) EXPECT_NEAR(chroma[i], before[i], 1e-6f) << i;
}

TEST(Consensus, TakesTheColourOfTheWholeAndTheDetailOfTheTiles) {
  // Two tiles of 16 samples that disagree by 0.3, each with a ripple; the whole says 0.1.
  Consensus consensus(32, 8, 4, 1);
  std::vector<float> chroma(2 * 32 * 8);
  const auto ripple = [](int64_t x) { return x % 2 == 0 ? 0.02f : -0.02f; };
  for (int64_t i = 0; i < 2 * 32 * 8; ++i)
    chroma[i] = (i % 32 < 16 ? 0.2f : -0.1f) + ripple(i % 32);
  const std::vector<float> coarse(2 * 16 * 4, 0.1f);  // wider than the cells: a margin
  std::vector<float> lacking(consensus.cells());
  consensus.align(coarse.data(), 16, 4, lacking.data(), chroma.data());
  for (int64_t i = 0; i < 2 * 32 * 8; ++i) {
    const int64_t x = i % 32;
    // Around the border the step is spread over two cells; elsewhere it is gone.
    const float most = x < 14 || x >= 18 ? 0.0f : 0.15f;
    EXPECT_LE(std::abs(chroma[i] - 0.1f - ripple(x)), most + 1e-6f) << i;
  }
}

}  // namespace
}  // namespace cgan
