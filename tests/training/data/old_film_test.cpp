#include "training/data/old_film.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace cgan::testing {
namespace {

constexpr int64_t kSide = 64;
constexpr int64_t kPixels = kSide * kSide;

std::vector<uint8_t> one_colour(uint8_t red, uint8_t green, uint8_t blue) {
  std::vector<uint8_t> rgb;
  for (int64_t i = 0; i < kPixels; ++i) rgb.insert(rgb.end(), {red, green, blue});
  return rgb;
}

std::vector<uint8_t> noise() {
  SplitMix64 random(1);
  std::vector<uint8_t> rgb(kPixels * 3);
  for (auto& value : rgb) value = static_cast<uint8_t>(random.below(256));
  return rgb;
}

std::vector<float> aged(const std::vector<uint8_t>& rgb, const FilmLook& look, uint64_t seed = 1) {
  std::vector<float> gray(kPixels);
  SplitMix64 moment(seed);
  age_picture(rgb.data(), kSide, look, moment, gray.data());
  return gray;
}

std::vector<FilmLook> draw_looks(double strength, int tries) {
  SplitMix64 random(2);
  std::vector<FilmLook> looks;
  for (int i = 0; i < tries; ++i)
    if (const auto look = draw_film_look({strength}, random)) looks.push_back(*look);
  return looks;
}

double distance(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / a.size();
}

TEST(AgePicture, ShowsTheLumaWhereTheLookChangesNothing) {
  const auto rgb = noise();
  const auto gray = aged(rgb, {});
  for (int64_t i = 0; i < kPixels; ++i) {
    const double luma = 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2];
    ASSERT_NEAR(gray[i], luma / 127.5 - 1, 2e-6);
  }
}

TEST(AgePicture, DependsOnLookAndMomentOnly) {
  FilmLook look;
  look.grain = 0.04;
  look.scratches = look.specks = look.hairs = 2;
  look.reduction = 1.3;
  look.jpeg = 60;
  EXPECT_EQ(aged(noise(), look, 1), aged(noise(), look, 1));
  EXPECT_GT(distance(aged(noise(), look, 1), aged(noise(), look, 2)), 0.01);
}

TEST(AgePicture, StaysInItsRangeUnderEveryLook) {
  uint64_t seed = 0;
  for (const auto& look : draw_looks(1, 300))
    for (const float value : aged(noise(), look, ++seed)) {
      ASSERT_GE(value, -1);
      ASSERT_LE(value, 1);
    }
}

TEST(AgePicture, ShowsRedDarkAndBlueLightOnOrthochromaticFilm) {
  FilmLook ortho;
  ortho.response = {0.1, 0.55, 0.35};
  const auto red = one_colour(220, 30, 30), blue = one_colour(30, 60, 220);
  EXPECT_LT(aged(red, ortho)[0], aged(red, {})[0] - 0.25);
  EXPECT_GT(aged(blue, ortho)[0], aged(blue, {})[0] + 0.25);
}

TEST(AgePicture, LosesLightInTheCorners) {
  FilmLook look;
  look.vignette = 0.5;
  const auto gray = aged(one_colour(200, 200, 200), look);
  const auto light = [&](int64_t y, int64_t x) { return (gray[y * kSide + x] + 1) / 2; };
  EXPECT_NEAR(light(kSide / 2, kSide / 2), 200 / 255.0, 0.01);
  EXPECT_NEAR(light(0, 0), 0.5 * 200 / 255.0, 0.02);
  EXPECT_NEAR(light(0, kSide / 2), 0.75 * 200 / 255.0, 0.02);
}

TEST(AgePicture, BendsTonesByExposureGammaContrastAndLevels) {
  FilmLook look;
  look.exposure = 1.2;
  look.gamma = 2;
  look.contrast = 0.5;
  look.black = 0.1;
  look.white = 0.9;
  const double bent = std::pow(1.2 * 100 / 255, 2);
  const double level = 0.1 + 0.8 * ((bent - 0.5) * 0.5 + 0.5);
  EXPECT_NEAR(aged(one_colour(100, 100, 100), look)[0], 2 * level - 1, 1e-4);
}

TEST(AgePicture, ExposesEachFrameALittleDifferently) {
  FilmLook look;
  look.flutter = 0.03;
  float least = 1, most = -1;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const float level = (aged(one_colour(128, 128, 128), look, seed)[0] + 1) / 2;
    least = std::min(least, level);
    most = std::max(most, level);
  }
  const double mean = 128 / 255.0;
  EXPECT_GE(least, 0.97 * mean - 1e-4);
  EXPECT_LE(most, 1.03 * mean + 1e-4);
  EXPECT_GT(most - least, 0.05 * mean);
}

TEST(AgePicture, LightensOrDarkensABandAcross) {
  FilmLook look;
  look.flicker = 0.2;
  const auto gray = aged(one_colour(128, 128, 128), look);
  for (int64_t i = 0; i < kPixels; ++i) ASSERT_EQ(gray[i], gray[i / kSide * kSide]);
  const auto [least, most] = std::minmax_element(gray.begin(), gray.end());
  EXPECT_GT(*most - *least, 0.005);
}

TEST(DrawFilmLook, DrawsNothingAtStrengthZero) {
  EXPECT_TRUE(draw_looks(0, 100).empty());
}

TEST(DrawFilmLook, LeavesAThirdCleanAtFullStrengthAndMoreBelow) {
  EXPECT_NEAR(draw_looks(1, 3000).size() / 3000.0, 2.0 / 3, 0.03);
  EXPECT_NEAR(draw_looks(0.5, 3000).size() / 3000.0, 1.0 / 3, 0.03);
}

TEST(DrawFilmLook, IsMildInMostCases) {
  const auto looks = draw_looks(1, 3000);
  const auto share = [&](const auto& holds) {
    return static_cast<double>(std::count_if(looks.begin(), looks.end(), holds)) / looks.size();
  };
  EXPECT_LT(share([](const FilmLook& look) { return look.grain > 0.03; }), 0.2);
  EXPECT_GT(share([](const FilmLook& look) { return look.grain > 0.03; }), 0.05);
  EXPECT_LT(share([](const FilmLook& look) { return look.blur > 0.9; }), 0.15);
  EXPECT_LT(share([](const FilmLook& look) { return look.jpeg && *look.jpeg < 60; }), 0.15);
  EXPECT_EQ(share([](const FilmLook& look) { return look.grain > 0.06; }), 0);
  EXPECT_EQ(share([](const FilmLook& look) { return look.jpeg && *look.jpeg < 25; }), 0);
}

TEST(DrawFilmLook, IsPanchromaticInMostCasesAndOrthochromaticInSome) {
  int panchromatic = 0, nearly_blind_to_red = 0;
  const auto looks = draw_looks(1, 3000);
  for (const auto& look : looks) {
    const auto [red, green, blue] = look.response;
    ASSERT_NEAR(red + green + blue, 1, 1e-9);
    ASSERT_GT(std::min({red, green, blue}), 0.03);
    panchromatic += std::abs(red - 0.299) < 1e-9;
    nearly_blind_to_red += red < 0.16 && green > 0.4 && blue > 0.28;
  }
  EXPECT_NEAR(panchromatic, 0.7 * looks.size(), 0.04 * looks.size());
  EXPECT_GT(nearly_blind_to_red, 0.08 * looks.size());
}

TEST(DrawFilmLook, ChangesPicturesLessAtLowStrength) {
  const auto change = [](double strength) {
    double sum = 0;
    const auto rgb = noise();
    const auto clean = aged(rgb, {});
    for (const auto& look : draw_looks(strength, 300)) sum += distance(aged(rgb, look), clean);
    return sum;
  };
  EXPECT_LT(change(0.3), 0.5 * change(1));
  EXPECT_GT(change(0.3), 0);
}

}  // namespace
}  // namespace cgan::testing
