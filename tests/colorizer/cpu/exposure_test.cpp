#include "plugin/colorizer/cpu/exposure.h"

#include <gtest/gtest.h>

#include "tests/colorizer/synthetic_film.h"

namespace cgan {
namespace {

using test::Picture;

constexpr int64_t kWidth = 117, kHeight = 83;
constexpr float kCode = 1.0f / 127.5f;

struct Change {
  float gain, offset;
};
class ExposureOf : public testing::TestWithParam<Change> {};

TEST_P(ExposureOf, AFrameIsFoundUnderGrainAndBesideANewObject) {
  const auto [gain, offset] = GetParam();
  const Picture before = test::scenery(kWidth, kHeight, 4);
  Picture now = before;
  for (float& luma : now.luma) luma = gain * luma + offset;
  test::paint_square(now, 20, 10, 50, 0.0f, 0.0f);  // a quarter of the picture
  test::add_grain(now, 4 * kCode, 1);
  ExposureFit exposure(kWidth, kHeight);
  exposure.fit(before.luma.data(), now.luma.data());
  EXPECT_NEAR(exposure.gain(), gain, 0.02f);
  EXPECT_NEAR(exposure.offset(), offset, kCode);
}

INSTANTIATE_TEST_SUITE_P(Changes, ExposureOf,
                         testing::Values(Change{1.0f, 0.0f}, Change{1.0f, 0.15f},
                                         Change{1.0f, -0.15f}, Change{0.8f, -0.1f},
                                         Change{1.2f, 0.05f}, Change{0.5f, -0.4f}));

TEST(ExposureFit, KnowsNoGainOfAFlatReference) {
  const Picture before(kWidth, kHeight);
  const Picture now = test::scenery(kWidth, kHeight, 4);
  ExposureFit exposure(kWidth, kHeight);
  exposure.fit(before.luma.data(), now.luma.data());
  EXPECT_EQ(exposure.gain(), 1.0f);
}

TEST(ExposureFit, MeansAreThoseOfTheBlocksAlsoWhereTheyAreCutByTheBorder) {
  const Picture now = test::scenery(kWidth, kHeight, 4);
  ExposureFit exposure(kWidth, kHeight);
  exposure.fit(now.luma.data(), now.luma.data());
  ASSERT_EQ(exposure.means().size(), 15u * 11u);
  double sum = 0.0;  // of the last block: 5 x 3 pixels
  for (int64_t y = 80; y < 83; ++y) {
    for (int64_t x = 112; x < 117; ++x) sum += now.luma[y * kWidth + x];
  }
  EXPECT_NEAR(exposure.means().back(), sum / 15.0, 1e-6);
  EXPECT_EQ(exposure.means(), exposure.reference_means());
}

}  // namespace
}  // namespace cgan
