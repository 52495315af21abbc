#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "model/colour.h"
#include "training/metrics/blended_chroma.h"
#include "training/metrics/photo_colouring.h"
#include "training/metrics/resampling.h"

namespace cgan {
namespace {

TEST(AreaWeights, AreTheMeanOfThePictureEnlargedFirst) {
  const auto row = at::rand({11});
  for (const int64_t to : {1, 3, 7, 11, 20}) {
    const auto slow = row.repeat_interleave(to).view({to, 11}).mean(1);
    EXPECT_LT((area_weights(11, to).matmul(row) - slow).abs().max().item<double>(), 1e-6) << to;
  }
}

TEST(LinearWeights, DrawAStraightLineThroughSamplesAtTheMiddleOfTheirCells) {
  // Five cells and a half, the last one cut in two: 22 pixels are four to a cell.
  const auto line = at::arange(6, at::kFloat) + 0.5;
  const auto drawn = linear_weights(6, 5.5, 22).matmul(line);
  const auto expected = ((at::arange(22, at::kFloat) + 0.5) / 4).clamp(0.5, 5.5);
  EXPECT_LT((drawn - expected).abs().max().item<double>(), 1e-5);
}

// Chroma by a formula from luma, at half resolution. Where `by_square` is set a square has the
// colour of its mean throughout, as in the report's network, whose squares do not know each other.
class FormulaGenerator : public FrozenGenerator {
 public:
  explicit FormulaGenerator(bool by_square) : by_square_(by_square) {}
  int64_t tile() const override { return 32; }
  int64_t field() const override { return 16; }
  int64_t short_side() const override { return 96; }
  int64_t multiple() const override { return by_square_ ? 16 : 8; }
  int64_t chroma_scale() const override { return 2; }

  static constexpr double kCb = 0.05, kCr = -0.1;

 protected:
  at::Tensor colour(const at::Tensor& luma, double, Workspace&) const override {
    auto half = at::avg_pool2d(luma, {2, 2});
    if (by_square_) half = half.mean({2, 3}, true).expand_as(half);
    return at::cat({half * kCb, half * kCr}, 1);
  }

 private:
  bool by_square_;
};

TEST(BlendedChroma, IsThatOfSquaresAddedOneByOneUnderTheirWindows) {
  FormulaGenerator generator(true);
  const auto gray = at::rand({2, 1, 40, 56}) * 2 - 1;
  auto sum = at::zeros({2, 2, 20, 28}), weight = at::zeros({20, 28});
  for (int64_t top = 0; top + 16 <= 40; top += 8)
    for (int64_t left = 0; left + 16 <= 56; left += 8) {
      const auto chroma = generator.chroma(gray.narrow(2, top, 16).narrow(3, left, 16));
      for (int64_t y = 0; y < 8; ++y)
        for (int64_t x = 0; x < 8; ++x) {
          const double window = std::pow(std::sin((y + 0.5) * M_PI / 8), 2) *
                                std::pow(std::sin((x + 0.5) * M_PI / 8), 2);
          const int64_t at_y = top / 2 + y, at_x = left / 2 + x;
          sum.select(3, at_x).select(2, at_y).add_(chroma.select(3, x).select(2, y) * window);
          weight[at_y][at_x] += window;
        }
    }
  const auto blended = [&] {
    WorkerPool pool(1);
    Workspace workspace(pool);
    return blended_chroma(generator, gray, 0, workspace);
  }();
  ASSERT_EQ(blended.sizes(), sum.sizes());
  EXPECT_LT((blended - sum / weight).abs().max().item<double>(), 1e-5);
}

PhotoColouring formula_colouring(int64_t work_size, double saturation = 1) {
  return PhotoColouring(std::make_unique<FormulaGenerator>(false), work_size, saturation);
}

// A slope in both directions: area mean, half resolution and interpolation all keep a slope, so
// that at full size every pixel has the formula's chroma unless some step shifts or stretches it.
at::Tensor slope(int64_t height, int64_t width) {
  const auto rows = at::linspace(0.2, 0.5, height).unsqueeze(1);
  const auto columns = at::linspace(0.1, 0.3, width).unsqueeze(0);
  return (rows + columns).view({1, 1, height, width});
}

TEST(PhotoColouring, PutsChromaWhereTheLumaIsItCameFrom) {
  // Work copies: 40x60, odd 41x62, and the photograph itself, which is not enlarged.
  for (const int64_t work_size : {40, 41, 400}) {
    const auto luma = slope(160, 240);
    const auto ycbcr = rgb_to_ycbcr(formula_colouring(work_size).colour(luma));
    const int64_t border = 8;  // two work pixels, one chroma sample
    const auto inside = [border](const at::Tensor& plane) {
      return plane.narrow(2, border, 160 - 2 * border).narrow(3, border, 240 - 2 * border);
    };
    const auto formula = inside(luma * 2 - 1);
    const auto error = [&](int64_t channel, double factor) {
      return (inside(ycbcr.narrow(1, channel, 1)) - formula * factor).abs().max().item<double>();
    };
    EXPECT_LT(error(1, FormulaGenerator::kCb), 1e-4) << work_size;
    EXPECT_LT(error(2, FormulaGenerator::kCr), 1e-4) << work_size;
  }
}

TEST(PhotoColouring, KeepsTheLumaOfPicturesOfAnySize) {
  for (const auto& [height, width] : {std::pair<int64_t, int64_t>{1, 1}, {7, 90}, {53, 37}}) {
    const auto luma = at::rand({1, 1, height, width}) * 0.6 + 0.2;
    const auto picture = formula_colouring(24).colour(luma);
    ASSERT_EQ(picture.sizes(), (std::vector<int64_t>{1, 3, height, width}));
    EXPECT_LT((rgb_to_luma(picture) - luma).abs().max().item<double>(), 1e-5);
  }
}

TEST(PhotoColouring, MultipliesChromaBySaturation) {
  const auto luma = slope(50, 60);
  const auto once = rgb_to_ycbcr(formula_colouring(0).colour(luma)).narrow(1, 1, 2);
  const auto twice = rgb_to_ycbcr(formula_colouring(0, 2).colour(luma)).narrow(1, 1, 2);
  EXPECT_LT((twice - 2 * once).abs().max().item<double>(), 1e-5);
  EXPECT_GT(once.abs().max().item<double>(), 0.02);
}

TEST(PhotoColouring, TakesTheElementsWorkSizeWhereNoneIsNamed) {
  EXPECT_EQ(formula_colouring(0).work_size(), 3 * 32);
  EXPECT_EQ(formula_colouring(50).work_size(), 50);
}

}  // namespace
}  // namespace cgan
