#include "plugin/colorizer/cpu/luma_match.h"

#include <gtest/gtest.h>

#include "tests/colorizer/synthetic_film.h"

namespace cgan {
namespace {

using test::Picture;

constexpr int64_t kWidth = 101, kHeight = 67;
constexpr float kCode = 1.0f / 127.5f;

double mean(const std::vector<float>& confidence, int64_t left, int64_t top, int64_t side) {
  double sum = 0.0;
  for (int64_t y = top; y < top + side; ++y) {
    for (int64_t x = left; x < left + side; ++x) sum += confidence[y * kWidth + x];
  }
  return sum / static_cast<double>(side * side);
}

/// The documented formula, pixel by pixel.
double slow_confidence(const Picture& carried, const Picture& now, double noise, int64_t x,
                       int64_t y) {
  const auto luma = [&now](int64_t i, int64_t j) {
    return now.luma[std::clamp<int64_t>(j, 0, kHeight - 1) * kWidth +
                    std::clamp<int64_t>(i, 0, kWidth - 1)];
  };
  double sum = 0.0;
  for (int64_t j = y - 2; j <= y + 2; ++j) {
    for (int64_t i = x - 2; i <= x + 2; ++i) {
      const int64_t column = std::clamp<int64_t>(i, 0, kWidth - 1);
      const int64_t row = std::clamp<int64_t>(j, 0, kHeight - 1);
      const double slope = std::abs(luma(column + 1, row) - luma(column - 1, row)) +
                           std::abs(luma(column, row + 1) - luma(column, row - 1));
      sum += std::abs(luma(column, row) - carried.luma[row * kWidth + column]) - 0.3 * slope;
    }
  }
  return std::clamp((3.2 - sum / 25.0 / noise) / (3.2 - 1.8), 0.0, 1.0);
}

TEST(LumaMatch, IsTheSlowFormula) {
  const Picture carried = test::scenery(kWidth, kHeight, 3);
  Picture now = carried;
  test::paint_square(now, 30, 20, 16, 0.0f, 0.0f);
  test::add_grain(now, 3 * kCode, 1);
  LumaMatch match(kWidth, kHeight);
  match.compare(carried.luma.data(), now.luma.data());
  for (int64_t y = 0; y < kHeight; ++y) {
    for (int64_t x = 0; x < kWidth; ++x) {
      ASSERT_NEAR(match.confidence()[y * kWidth + x],
                  slow_confidence(carried, now, match.noise(), x, y), 1e-3)
          << "at " << x << ", " << y;
    }
  }
}

TEST(LumaMatch, LevelIsTheMeanDifferenceOfAWindow) {
  const Picture carried = test::scenery(kWidth, kHeight, 3),
                now = test::scenery(kWidth, kHeight, 4);
  LumaMatch match(kWidth, kHeight);
  match.compare(carried.luma.data(), now.luma.data());
  for (int64_t y = 0; y < kHeight; ++y) {
    for (int64_t x = 0; x < kWidth; ++x) {
      double sum = 0.0;
      for (int64_t i = 0; i < 25; ++i) {
        const int64_t at = std::clamp<int64_t>(y + i / 5 - 2, 0, kHeight - 1) * kWidth +
                           std::clamp<int64_t>(x + i % 5 - 2, 0, kWidth - 1);
        sum += now.luma[at] - carried.luma[at];
      }
      ASSERT_NEAR(match.level()[y * kWidth + x], sum / 25.0, 1e-5) << "at " << x << ", " << y;
    }
  }
}

TEST(LumaMatch, IsSureUnderGrainAndNotWhereSomethingCame) {
  for (const float grain : {0.0f, 2.0f, 5.0f}) {
    Picture carried = test::scenery(kWidth, kHeight, 3), now = carried;
    test::paint_square(now, 60, 20, 24, 0.0f, 0.0f);
    test::add_grain(carried, grain * kCode, 1);
    test::add_grain(now, grain * kCode, 2);
    LumaMatch match(kWidth, kHeight);
    match.compare(carried.luma.data(), now.luma.data());
    EXPECT_GT(mean(match.confidence(), 5, 5, 48), 0.97) << grain;
    EXPECT_LT(mean(match.confidence(), 62, 22, 20), 0.2) << grain;
  }
}

TEST(LumaMatch, MeasuresTheDifferenceThatGrainMakes) {
  for (const float grain : {2.0f, 4.0f, 6.0f}) {
    Picture carried(kWidth, kHeight), now(kWidth, kHeight);
    test::add_grain(carried, grain * kCode, 1);
    test::add_grain(now, grain * kCode, 2);
    LumaMatch match(kWidth, kHeight);
    match.compare(carried.luma.data(), now.luma.data());
    EXPECT_NEAR(match.noise(), 1.128f * grain * kCode, 0.15f * grain * kCode);
  }
}

TEST(LumaMatch, DoesNotTakeAnotherSceneForGrain) {
  const Picture carried = test::scenery(kWidth, kHeight, 3);
  const Picture now = test::scenery(kWidth, kHeight, 4);
  LumaMatch match(kWidth, kHeight);
  match.compare(carried.luma.data(), now.luma.data());
  double sum = 0.0;
  for (const float confidence : match.confidence()) sum += confidence;
  EXPECT_LT(sum / (kWidth * kHeight), 0.1);
}

TEST(LumaMatch, RemembersTheGrainOverARepeatedFrame) {
  Picture first(kWidth, kHeight), next(kWidth, kHeight);
  test::add_grain(first, 4 * kCode, 1);
  test::add_grain(next, 4 * kCode, 2);
  LumaMatch match(kWidth, kHeight);
  match.compare(first.luma.data(), next.luma.data());
  const float before = match.noise();
  match.compare(next.luma.data(), next.luma.data());
  EXPECT_GT(match.noise(), 0.9f * before);
  match.reset();
  match.compare(next.luma.data(), next.luma.data());
  EXPECT_LT(match.noise(), 0.5f * before);
}

}  // namespace
}  // namespace cgan
