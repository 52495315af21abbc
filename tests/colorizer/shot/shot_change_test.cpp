#include "plugin/colorizer/shot/shot_change.h"

#include <gtest/gtest.h>

#include "plugin/colorizer/cpu/picture_difference.h"
#include "tests/colorizer/synthetic_film.h"

namespace cgan {
namespace {

using test::Picture;

constexpr int64_t kWidth = 160, kHeight = 112;
constexpr float kCode = 1.0f / 127.5f;
constexpr float kThreshold = 0.55f;

ShotChange judge(const Picture& before, const Picture& now, float threshold = kThreshold) {
  MotionField motion(kWidth, kHeight);
  ExposureFit exposure(kWidth, kHeight);
  std::vector<float> compensated(kWidth * kHeight);
  motion.estimate(before.luma.data(), now.luma.data());
  motion.compensate(before.luma.data(), compensated.data());
  exposure.fit(compensated.data(), now.luma.data());
  return judge_shot_change(measure_difference(motion, exposure), threshold);
}

TEST(ShotChange, FindsACutBetweenAnyTwoScenesUnderGrain) {
  for (uint32_t seed = 10; seed < 30; ++seed) {
    Picture before = test::scenery(kWidth, kHeight, seed);
    Picture now = test::scenery(kWidth, kHeight, seed + 100);
    test::add_grain(before, 4 * kCode, 1);
    test::add_grain(now, 4 * kCode, 2);
    const ShotChange shot = judge(before, now);
    EXPECT_TRUE(shot.cut) << "scene " << seed << " scores " << shot.score;
  }
}

TEST(ShotChange, IsNotFooledByGrainPansFlickerAndFlashes) {
  for (uint32_t seed = 10; seed < 20; ++seed) {
    const Picture before = test::scenery(kWidth, kHeight, seed);
    const auto expect_same = [&](Picture now, const char* what) {
      test::add_grain(now, 4 * kCode, seed);
      const ShotChange shot = judge(before, now);
      EXPECT_LT(shot.score, 0.35f) << what << " in scene " << seed;
      EXPECT_FALSE(shot.cut);
    };
    expect_same(before, "grain");
    expect_same(test::scenery(kWidth, kHeight, seed, 6, -5), "a pan");
    for (const float gain : {0.3f, 0.6f, 1.5f, 2.0f}) {
      Picture exposed = before;
      test::expose(exposed, gain);
      expect_same(exposed, "another exposure");
    }
    Picture entered = before;
    test::paint_square(entered, 50, 20, 60, 0.0f, 0.0f);
    expect_same(entered, "a large object");
  }
}

TEST(ShotChange, LeavesADissolveUncut) {
  const Picture from = test::scenery(kWidth, kHeight, 3), into = test::scenery(kWidth, kHeight, 4);
  for (int i = 1; i <= 24; ++i) {
    Picture before = from, now = from;
    test::dissolve(before, into, (i - 1) / 24.0f);
    test::dissolve(now, into, i / 24.0f);
    EXPECT_FALSE(judge(before, now).cut) << i;
  }
}

TEST(ShotChange, CallsAFrameOfOneShadeBlankAndNoCut) {
  const Picture before = test::scenery(kWidth, kHeight, 3);
  for (const float shade : {-1.0f, 0.0f, 1.0f}) {
    Picture now(kWidth, kHeight);
    std::fill(now.luma.begin(), now.luma.end(), shade);
    test::add_grain(now, 0.5f * kCode, 1);
    const ShotChange shot = judge(before, now);
    EXPECT_TRUE(shot.blank);
    EXPECT_FALSE(shot.cut);
    EXPECT_EQ(shot.score, 0.0f);
  }
  EXPECT_FALSE(judge(Picture(kWidth, kHeight), before).blank);
}

TEST(ShotChange, ThresholdOfOneAllowsNoCutAndOfNoneAlmostAny) {
  const Picture before = test::scenery(kWidth, kHeight, 3);
  EXPECT_FALSE(judge(before, test::scenery(kWidth, kHeight, 4), 1.0f).cut);
  EXPECT_TRUE(judge(before, test::scenery(kWidth, kHeight, 3, 11, 9), 0.0f).cut);
}

}  // namespace
}  // namespace cgan
