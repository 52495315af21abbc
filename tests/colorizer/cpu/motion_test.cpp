#include "plugin/colorizer/cpu/motion.h"

#include <gtest/gtest.h>

#include "tests/colorizer/synthetic_film.h"

namespace cgan {
namespace {

using test::Picture;

constexpr int64_t kWidth = 120, kHeight = 88;
constexpr float kCode = 1.0f / 127.5f;

/// Share of the pixels inside a margin that have this motion.
double share_of(const MotionField& motion, pixel::Motion wanted, int64_t left, int64_t top,
                int64_t right, int64_t bottom) {
  double hits = 0.0;
  for (int64_t y = top; y < bottom; ++y) {
    for (int64_t x = left; x < right; ++x) hits += motion.at(x, y) == wanted;
  }
  return hits / static_cast<double>((right - left) * (bottom - top));
}

class MotionOfAPan : public testing::TestWithParam<pixel::Motion> {};

TEST_P(MotionOfAPan, IsFoundUnderGrainAndAnotherExposure) {
  const auto [x, y] = GetParam();
  Picture before = test::scenery(kWidth, kHeight, 5);
  Picture now = test::scenery(kWidth, kHeight, 5, x, y);
  test::expose(now, 0.85f);
  test::add_grain(before, 2 * kCode, 1);
  test::add_grain(now, 2 * kCode, 2);
  MotionField motion(kWidth, kHeight);
  motion.estimate(before.luma.data(), now.luma.data());
  EXPECT_GT(share_of(motion, {x, y}, 8, 8, kWidth - 8, kHeight - 8), 0.99);
}

INSTANTIATE_TEST_SUITE_P(Directions, MotionOfAPan,
                         testing::Values(pixel::Motion{0, 0}, pixel::Motion{1, 0},
                                         pixel::Motion{0, -1}, pixel::Motion{-3, 5},
                                         pixel::Motion{7, 7}, pixel::Motion{-7, -7}));

TEST(MotionField, EndsWhereTheMovingObjectEnds) {
  Picture before = test::scenery(kWidth, kHeight, 5), now = before;
  test::paint_square(before, 40, 30, 24, 0.3f, 0.3f);
  test::paint_square(now, 44, 28, 24, 0.3f, 0.3f);
  MotionField motion(kWidth, kHeight);
  motion.estimate(before.luma.data(), now.luma.data());
  EXPECT_GT(share_of(motion, {-4, 2}, 44, 28, 68, 52), 0.9);
  EXPECT_EQ(share_of(motion, {0, 0}, 0, 0, 32, kHeight), 1.0);
  EXPECT_EQ(share_of(motion, {0, 0}, 80, 0, kWidth, kHeight), 1.0);
}

TEST(MotionField, HardlyWandersInHeavyGrain) {
  Picture before(kWidth, kHeight), now(kWidth, kHeight);
  test::add_grain(before, 5 * kCode, 1);
  test::add_grain(now, 5 * kCode, 2);
  MotionField motion(kWidth, kHeight);
  motion.estimate(before.luma.data(), now.luma.data());
  EXPECT_GT(share_of(motion, {0, 0}, 0, 0, kWidth, kHeight), 0.95);
}

TEST(MotionField, StandsStillWhereNoMoreDiffersThanTheKnownGrain) {
  Picture before = test::scenery(kWidth, kHeight, 5), now = before;
  test::paint_square(now, 40, 30, 24, 0.3f, 0.3f);
  test::paint_square(before, 44, 28, 24, 0.3f, 0.3f);
  test::add_grain(before, 3 * kCode, 1);
  test::add_grain(now, 3 * kCode, 2);
  MotionField motion(kWidth, kHeight);
  motion.estimate(before.luma.data(), now.luma.data(), 1.128f * 3 * kCode);
  EXPECT_GT(share_of(motion, {4, -2}, 40, 30, 64, 54), 0.9);
  EXPECT_EQ(share_of(motion, {0, 0}, 80, 0, kWidth, kHeight), 1.0);
}

TEST(MotionField, LeavesMuchOfUnrelatedDetailUnexplained) {
  const Picture before = test::scenery(kWidth, kHeight, 5);
  const Picture pan = test::scenery(kWidth, kHeight, 5, 3, 2);
  const Picture other = test::scenery(kWidth, kHeight, 77);
  MotionField motion(kWidth, kHeight);
  const auto unexplained = [&](const Picture& now) {
    motion.estimate(before.luma.data(), now.luma.data());
    float residual = 0.0f, detail = 0.0f;
    for (const pixel::Fit& fit : motion.fits()) {
      residual += fit.residual;
      detail += fit.detail + fit.reference_detail;
    }
    return residual / detail;
  };
  EXPECT_LT(unexplained(pan), 0.1f);
  EXPECT_GT(unexplained(other), 0.4f);
}

struct Size {
  int64_t width, height;
};
class MotionSizes : public testing::TestWithParam<Size> {};

TEST_P(MotionSizes, CarryEveryPixelByTheMotionOfItsCell) {
  const auto [width, height] = GetParam();
  const Picture before = test::scenery(width, height, 3);
  const Picture now = test::scenery(width, height, 3, 5, -4);
  MotionField motion(width, height);
  motion.estimate(before.luma.data(), now.luma.data());
  std::vector<float> carried(width * height);
  motion.compensate(before.cb.data(), carried.data());
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      const pixel::Motion vector = motion.at(x, y);
      const int64_t i = std::clamp<int64_t>(x + vector.x, 0, width - 1);
      const int64_t j = std::clamp<int64_t>(y + vector.y, 0, height - 1);
      ASSERT_EQ(carried[y * width + x], before.cb[j * width + i]) << "at " << x << ", " << y;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, MotionSizes,
                         testing::Values(Size{1, 1}, Size{3, 50}, Size{50, 2}, Size{37, 45},
                                         Size{64, 48}, Size{121, 87}));

}  // namespace
}  // namespace cgan
