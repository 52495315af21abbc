#include "training/data/film_damage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace cgan::testing {
namespace {

constexpr int64_t kSide = 128;

/// What was added to a picture of one level.
template <class Add>
std::vector<double> added(float level, const Add& add) {
  std::vector<float> gray(kSide * kSide, level);
  add(gray.data());
  std::vector<double> difference;
  for (const float value : gray) difference.push_back(double(value) - level);
  return difference;
}

std::vector<double> grain_on(float level, double sigma, double size) {
  SplitMix64 random(9);
  return added(level, [&](float* gray) { add_grain(gray, kSide, sigma, size, random); });
}

/// Mean product of a pixel and the one `step` to its right.
double covariance(const std::vector<double>& grain, int64_t step) {
  double sum = 0;
  for (int64_t y = 0; y < kSide; ++y)
    for (int64_t x = 0; x + step < kSide; ++x)
      sum += grain[y * kSide + x] * grain[y * kSide + x + step];
  return sum / (kSide * (kSide - step));
}

int64_t count_changed(const std::vector<double>& difference, int64_t from, int64_t count) {
  int64_t changed = 0;
  for (int64_t i = from; i < from + count; ++i) changed += difference[i] != 0;
  return changed;
}

TEST(AddGrain, HasTheAmplitudeAskedForInMidTones) {
  for (const double size : {0.0, 0.3, 0.6}) {
    const auto grain = grain_on(0.5f, 0.05, size);
    double sum = 0;
    for (const double value : grain) sum += value;
    EXPECT_NEAR(sum / grain.size(), 0, 2e-3);
    EXPECT_NEAR(std::sqrt(covariance(grain, 0)), 0.05, 0.002) << size;
  }
}

TEST(AddGrain, IsHalfAsStrongInBlackAndWhite) {
  for (const float level : {0.0f, 1.0f})
    EXPECT_NEAR(std::sqrt(covariance(grain_on(level, 0.05, 0.3), 0)), 0.025, 0.001);
}

TEST(AddGrain, IsCorrelatedOverNeighboursOnly) {
  const auto fine = grain_on(0.5f, 0.05, 0), coarse = grain_on(0.5f, 0.05, 0.5);
  EXPECT_NEAR(covariance(fine, 1) / covariance(fine, 0), 0, 0.03);
  // (0.5, 1, 0.5) with itself: 1.5 at distance 0, 1 at 1, 0.25 at 2.
  EXPECT_NEAR(covariance(coarse, 1) / covariance(coarse, 0), 1 / 1.5, 0.03);
  EXPECT_NEAR(covariance(coarse, 2) / covariance(coarse, 0), 0.25 / 1.5, 0.03);
  EXPECT_NEAR(covariance(coarse, 4) / covariance(coarse, 0), 0, 0.05);
}

TEST(AddScratch, IsLongAndAPixelWide) {
  int64_t rows = 0, bright = 0;
  constexpr int kScratches = 200;
  for (int seed = 0; seed < kScratches; ++seed) {
    SplitMix64 random(seed);
    const auto difference = added(0.5f, [&](float* gray) { add_scratch(gray, kSide, random); });
    double sum = 0;
    for (int64_t y = 0; y < kSide; ++y) {
      const int64_t wide = count_changed(difference, y * kSide, kSide);
      ASSERT_LE(wide, 2);  // between two columns
      rows += wide > 0;
    }
    for (const double value : difference) sum += value;
    bright += sum > 0;
  }
  EXPECT_GT(rows, kScratches * kSide / 2);
  EXPECT_GT(bright, kScratches / 3);
  EXPECT_LT(bright, 2 * kScratches / 3);
}

TEST(AddSpeck, TouchesAFewPixels) {
  for (int seed = 0; seed < 200; ++seed) {
    SplitMix64 random(seed);
    const auto difference = added(0.5f, [&](float* gray) { add_speck(gray, kSide, random); });
    const int64_t changed = count_changed(difference, 0, kSide * kSide);
    ASSERT_GE(changed, 1);
    ASSERT_LE(changed, 40);
  }
}

TEST(AddHair, IsALineOfATenthToAThirdOfThePicture) {
  double longest = 0;
  for (int seed = 0; seed < 200; ++seed) {
    SplitMix64 random(seed);
    const auto difference = added(0.5f, [&](float* gray) { add_hair(gray, kSide, random); });
    // Two to three pixels wide with its soft edge.
    const double length = count_changed(difference, 0, kSide * kSide) / 3.0;
    longest = std::max(longest, length);
    ASSERT_LT(length, 0.4 * kSide);
  }
  EXPECT_GT(longest, 0.2 * kSide);
}

}  // namespace
}  // namespace cgan::testing
