#include "training/data/random.h"

#include <gtest/gtest.h>

#include <cmath>

namespace cgan::testing {
namespace {

constexpr int kDraws = 100000;

TEST(SplitMix64, GivesTheNumbersOfThePublishedGenerator) {
  // First outputs of Vigna's splitmix64.c for the state 1234567.
  SplitMix64 random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
}

TEST(SplitMix64, GivesUniformNumbersBelowOne) {
  SplitMix64 random(1);
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.005);
}

TEST(SplitMix64, GivesNearlyNormalNumbers) {
  SplitMix64 random(1);
  double sum = 0, squares = 0;
  int within_one = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.normal();
    ASSERT_LT(std::abs(value), 3.5);
    sum += value;
    squares += value * value;
    within_one += std::abs(value) < 1;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.02);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
  EXPECT_NEAR(within_one / double(kDraws), 0.683, 0.02);
}

}  // namespace
}  // namespace cgan::testing
