#include "training/data/cheap_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "training/data/random.h"

namespace cgan::testing {
namespace {

constexpr int64_t kSide = 40;

std::vector<float> noise() {
  SplitMix64 random(5);
  std::vector<float> gray(kSide * kSide);
  for (auto& value : gray) value = static_cast<float>(random.uniform());
  return gray;
}

/// Level rises along x by 1 / kSide and along y by half of that.
std::vector<float> gradient() {
  std::vector<float> gray;
  for (int64_t y = 0; y < kSide; ++y)
    for (int64_t x = 0; x < kSide; ++x) gray.push_back((x + 0.5f * y) / (1.5f * kSide));
  return gray;
}

double distance(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / a.size();
}

TEST(Blur, IsTheGaussianMeanOfTheNeighbourhood) {
  const auto sharp = noise();
  auto seen = sharp;
  constexpr double kSigma = 1.3;
  constexpr int64_t kRadius = 4;
  blur(seen.data(), kSide, kSigma);
  for (int64_t y = 0; y < kSide; ++y)
    for (int64_t x = 0; x < kSide; ++x) {
      double sum = 0, weights = 0;
      for (int64_t dy = -kRadius; dy <= kRadius; ++dy)
        for (int64_t dx = -kRadius; dx <= kRadius; ++dx) {
          const double weight = std::exp(-(dx * dx + dy * dy) / (2 * kSigma * kSigma));
          weights += weight;
          sum += weight * sharp[std::clamp<int64_t>(y + dy, 0, kSide - 1) * kSide +
                                std::clamp<int64_t>(x + dx, 0, kSide - 1)];
        }
      ASSERT_NEAR(seen[y * kSide + x], sum / weights, 1e-5);
    }
}

TEST(Reduce, KeepsAConstantPictureConstantAtEveryFactor) {
  for (double factor = 1; factor < 3; factor += 0.07) {
    std::vector<float> gray(kSide * kSide, 0.4f);
    reduce(gray.data(), kSide, factor);
    for (const float value : gray) ASSERT_NEAR(value, 0.4f, 1e-5);
  }
}

TEST(Reduce, KeepsAGradientAwayFromTheBorder) {
  for (const double factor : {1.1, 1.6, 2.5}) {
    auto seen = gradient();
    reduce(seen.data(), kSide, factor);
    for (int64_t y = 8; y < kSide - 8; ++y)
      for (int64_t x = 8; x < kSide - 8; ++x)
        ASSERT_NEAR(seen[y * kSide + x], gradient()[y * kSide + x], 2e-3) << factor;
  }
}

TEST(Reduce, LosesMoreDetailTheSmallerItScales) {
  auto a_little = noise(), a_lot = noise();
  reduce(a_little.data(), kSide, 1.2);
  reduce(a_lot.data(), kSide, 2.5);
  EXPECT_GT(distance(a_little, noise()), 0.01);
  EXPECT_GT(distance(a_lot, noise()), 1.2 * distance(a_little, noise()));
}

TEST(Compress, StaysNearASmoothPictureAndErrsMoreAtLowQuality) {
  auto good = gradient(), bad = noise(), better = noise();
  compress(good.data(), kSide, 90);
  EXPECT_LT(distance(good, gradient()), 0.01);
  compress(bad.data(), kSide, 25);
  compress(better.data(), kSide, 90);
  EXPECT_GT(distance(bad, noise()), 2 * distance(better, noise()));
}

TEST(Compress, ClipsWhatLiesOutsideOfTheRange) {
  std::vector<float> gray(kSide * kSide, 1.7f);
  compress(gray.data(), kSide, 90);
  for (const float value : gray) ASSERT_NEAR(value, 1, 0.01);
}

}  // namespace
}  // namespace cgan::testing
