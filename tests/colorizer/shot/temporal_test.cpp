#include "plugin/colorizer/shot/temporal.h"

#include <gtest/gtest.h>

#include <memory>

#include "plugin/colorizer/cpu/temporal_passes.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "tests/colorizer/network_at_scale.h"
#include "tests/colorizer/synthetic_film.h"

namespace cgan {
namespace {

using test::difference;
using test::Picture;

constexpr int64_t kWidth = 144, kHeight = 96;
constexpr float kCode = 1.0f / 127.5f;
constexpr float kStrength = CGAN_DEFAULT_TEMPORAL, kCut = CGAN_DEFAULT_CUT_THRESHOLD;

/// A filter and the film that runs through it; luma has a stride of its own.
class Film {
 public:
  explicit Film(int64_t scale)
      : scale_(scale), filter_(std::make_unique<CpuTemporalPasses>(kWidth, kHeight, scale)) {}
  TemporalFilter::Observation observe(const Picture& picture) {
    constexpr int64_t kStride = kWidth + 5;
    std::vector<float> luma(kStride * kHeight, 9.0f);
    for (int64_t y = 0; y < kHeight; ++y) {
      std::copy_n(picture.luma.begin() + y * kWidth, kWidth, luma.begin() + y * kStride);
    }
    const TemporalFilter::Observation seen = filter_.observe(luma.data(), kStride, kCut);
    uncertain_share_ = filter_.uncertain_share();
    return seen;
  }
  std::vector<float> show(const Picture& picture, const std::vector<float>& chroma,
                          float strength = kStrength) {
    observe(picture);
    return copy(filter_.filter(chroma.data(), strength));
  }
  /// The generator skipped this frame.
  std::vector<float> carry(const Picture& picture) {
    observe(picture);
    return copy(filter_.filter(nullptr, kStrength));
  }
  TemporalFilter& filter() { return filter_; }
  /// Of the frame last observed.
  float uncertain_share() const { return uncertain_share_; }

 private:
  std::vector<float> copy(const float* chroma) const {
    return {chroma, chroma + 2 * (kWidth / scale_) * (kHeight / scale_)};
  }
  int64_t scale_;
  TemporalFilter filter_;
  float uncertain_share_ = 0.0f;
};

/// Largest difference of samples, a margin of luma pixels left out.
float worst(const std::vector<float>& a, const std::vector<float>& b, int64_t scale,
            int64_t margin) {
  const int64_t width = kWidth / scale, height = kHeight / scale, out = margin / scale;
  float result = 0.0f;
  for (int64_t line = 0; line < 2 * height; ++line) {
    if (line % height < out || line % height >= height - out) continue;
    for (int64_t x = out; x < width - out; ++x) {
      result = std::max(result, std::abs(a[line * width + x] - b[line * width + x]));
    }
  }
  return result;
}

class TemporalAtScale : public test::NetworkAtScale {};

INSTANTIATE_TEST_SUITE_P(Scales, TemporalAtScale, testing::Values(1, 2));

TEST_P(TemporalAtScale, StrengthOfNoneGivesTheNetworksColoursToTheBit) {
  Film film(GetParam());
  for (uint32_t i = 0; i < 6; ++i) {
    Picture picture = test::scenery(kWidth, kHeight, 1, 3 * i, i);
    test::paint_square(picture, 10 * i, 30, 30, 0.3f, 0.3f);
    const std::vector<float> chroma = guess(picture, i);
    EXPECT_EQ(film.show(picture, chroma, 0.0f), chroma);
  }
}

TEST_P(TemporalAtScale, FlickerOfAStillFilmFallsToAQuarterAndColourStays) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  std::vector<float> network, steady;
  double network_flicker = 0.0, steady_flicker = 0.0, error = 0.0;
  for (uint32_t i = 0; i < 48; ++i) {
    Picture picture = scene;
    test::add_grain(picture, 3 * kCode, i);
    const std::vector<float> chroma = guess(picture, i), out = film.show(picture, chroma);
    if (i > 0) {
      network_flicker += difference(chroma, network);
      steady_flicker += difference(out, steady);
    }
    error = difference(out, truth(scene));
    network = chroma;
    steady = out;
  }
  EXPECT_LT(steady_flicker / network_flicker, 0.2);
  // The mean of many guesses is nearer to the truth than one.
  EXPECT_LT(error, 0.4 * difference(network, truth(scene)));
}

TEST_P(TemporalAtScale, APanIsNearerToTheTruthThanTheNetworkAlone) {
  Film film(GetParam());
  double error = 0.0, network_error = 0.0;
  for (uint32_t i = 0; i < 30; ++i) {
    Picture picture = test::scenery(kWidth, kHeight, 1, 4 * i, -2 * static_cast<int64_t>(i));
    const std::vector<float> colours = truth(picture), chroma = guess(picture, i);
    test::add_grain(picture, 3 * kCode, i);
    const std::vector<float> out = film.show(picture, chroma);
    if (i < 10) continue;
    error += difference(out, colours);
    network_error += difference(chroma, colours);
  }
  EXPECT_LT(error, 0.55 * network_error);
}

TEST_P(TemporalAtScale, AMovingObjectKeepsItsColourAndLeavesNoTrail) {
  Film film(GetParam());
  const Picture background = test::scenery(kWidth, kHeight, 1);
  for (int64_t i = 0; i < 40; ++i) {
    Picture picture = background;
    test::paint_square(picture, 5 * i - 30, 30, 30, 0.6f, -0.6f);
    const std::vector<float> colours = truth(picture);
    test::add_grain(picture, 2 * kCode, static_cast<uint32_t>(i));
    const std::vector<float> out = film.show(picture, colours);
    int64_t wrong = 0;
    for (size_t at = 0; at < out.size(); ++at) wrong += std::abs(out[at] - colours[at]) > 0.1f;
    // Samples at the edge of the object, where its luma is that of the background.
    EXPECT_LT(wrong, static_cast<int64_t>(out.size() / 150)) << "frame " << i;
    EXPECT_LT(difference(out, colours), 0.6 * kCode) << "frame " << i;
  }
  const std::vector<float> colours = truth(background), after = film.show(background, colours);
  EXPECT_LT(difference(after, colours), 0.1 * kCode);
  EXPECT_LT(worst(after, colours, GetParam(), 0), 9 * kCode);
}

TEST_P(TemporalAtScale, WhatEntersTakesTheNewColourAtOnce) {
  Film film(GetParam());
  const Picture background = test::scenery(kWidth, kHeight, 1);
  for (int i = 0; i < 20; ++i) film.show(background, truth(background));
  Picture entered = background;
  test::paint_square(entered, 50, 30, 40, 0.6f, -0.6f);
  const std::vector<float> colours = truth(entered), out = film.show(entered, colours);
  const int64_t scale = GetParam(), width = kWidth / scale;
  int64_t samples = 0, wrong = 0;
  for (int64_t y = 34 / scale; y < 66 / scale; ++y) {
    for (int64_t x = 54 / scale; x < 86 / scale; ++x, ++samples) {
      wrong += std::abs(out[y * width + x] - colours[y * width + x]) > 0.03f;
    }
  }
  // By chance its luma is somewhere that of the ground behind it.
  EXPECT_LT(wrong, samples / 30);
}

TEST_P(TemporalAtScale, AWrongFirstColourIsForgottenWithinASecond) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  const std::vector<float> right = truth(scene);
  std::vector<float> wrong = right;
  for (float& value : wrong) value = -value;
  film.show(scene, wrong);
  std::vector<float> out;
  for (int i = 0; i < 24; ++i) out = film.show(scene, right);
  EXPECT_LT(difference(out, right), 0.05 * difference(wrong, right));
  for (int i = 0; i < 24; ++i) out = film.show(scene, wrong);
  EXPECT_LT(difference(out, wrong), 0.1 * difference(wrong, right));
  for (int i = 0; i < 48; ++i) out = film.show(scene, right, 1.0f);
  EXPECT_LT(difference(out, right), 0.1 * difference(wrong, right));
}

TEST_P(TemporalAtScale, CarryingAStillFilmAloneChangesNoBit) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  const std::vector<float> chroma = guess(scene, 1), first = film.show(scene, chroma);
  EXPECT_EQ(first, chroma);
  for (uint32_t i = 0; i < 50; ++i) {
    Picture picture = scene;
    if (i % 2 == 1) test::add_grain(picture, 2 * kCode, i);
    ASSERT_EQ(film.carry(picture), first) << "frame " << i;
  }
  EXPECT_EQ(film.uncertain_share(), 0.0f);
}

TEST_P(TemporalAtScale, CarryingAlongAPanAloneStaysSharp) {
  Film film(GetParam());
  const auto seen = [](int64_t i) {
    Picture picture = test::scenery(kWidth, kHeight, 1, i, 2 * i);
    for (int64_t at = 0; at < kWidth * kHeight; ++at) {  // hard edges of colour, 24 pixels apart
      const int64_t x = at % kWidth + i, y = at / kWidth + 2 * i;
      picture.cb[at] = (x / 24 + y / 24) % 2 == 0 ? 0.4f : -0.4f;
    }
    return picture;
  };
  film.show(seen(0), truth(seen(0)));
  std::vector<float> out;
  for (int64_t i = 1; i <= 12; ++i) out = film.carry(seen(i));
  // 24 lines came in from outside.
  const int64_t scale = GetParam(), width = kWidth / scale;
  const std::vector<float> colours = truth(seen(12));
  for (int64_t y = 0; y < (kHeight - 40) / scale; ++y) {
    for (int64_t x = 0; x < (kWidth - 28) / scale; ++x) {
      ASSERT_NEAR(out[y * width + x], colours[y * width + x], 1e-6f) << "at " << x << ", " << y;
    }
  }
  EXPECT_GT(film.uncertain_share(), 0.05f);
  EXPECT_LT(film.uncertain_share(), 0.5f);
}

TEST_P(TemporalAtScale, UncoveredGroundTakesTheColourAroundUntilTheNetworkSaysMore) {
  Film film(GetParam());
  // A plain ground of one colour, on which a square moves away.
  const auto seen = [](int64_t i) {
    Picture picture = test::scenery(kWidth, kHeight, 1);
    std::fill(picture.cb.begin(), picture.cb.end(), -0.3f);
    std::fill(picture.cr.begin(), picture.cr.end(), 0.2f);
    test::paint_square(picture, 30 + 6 * i, 30, 30, 0.6f, -0.6f);
    return picture;
  };
  for (int i = 0; i < 3; ++i) film.show(seen(0), truth(seen(0)));
  for (int64_t i = 1; i <= 4; ++i) film.carry(seen(i));
  const std::vector<float> out = film.carry(seen(4)), colours = truth(seen(4));
  EXPECT_LT(difference(out, colours), 2 * kCode);
  EXPECT_GT(film.uncertain_share(), 0.02f);
  film.show(seen(4), colours);
  film.observe(seen(4));
  EXPECT_LT(film.uncertain_share(), 0.005f);
}

TEST_P(TemporalAtScale, TheFirstFrameAfterACutIsTheNetworksToTheBit) {
  Film film(GetParam());
  for (uint32_t i = 0; i < 10; ++i) {
    const Picture picture = test::scenery(kWidth, kHeight, 1, i);
    film.show(picture, guess(picture, i));
  }
  const Picture other = test::scenery(kWidth, kHeight, 2);
  const std::vector<float> chroma = guess(other, 50);
  EXPECT_TRUE(film.observe(other).shot.cut);
  EXPECT_EQ(film.uncertain_share(), 1.0f);
  EXPECT_EQ(film.show(other, chroma), chroma);
}

/// Colours of the frame after a disturbance that lasted some frames.
std::vector<float> after(Film& film, const Picture& scene, const std::vector<float>& colours,
                         const Picture& disturbance, int frames) {
  const std::vector<float> gray(colours.size(), 0.0f);
  for (int i = 0; i < 30; ++i) film.show(scene, colours);
  for (int i = 0; i < frames; ++i) film.show(disturbance, gray);
  EXPECT_FALSE(film.observe(scene).shot.cut);
  EXPECT_LT(film.uncertain_share(), 0.01f);
  return film.carry(scene);
}

TEST_P(TemporalAtScale, AWhiteFlashIsNoCutAndTheColoursReturn) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  Picture flash(kWidth, kHeight);
  std::fill(flash.luma.begin(), flash.luma.end(), 1.0f);
  EXPECT_LT(worst(after(film, scene, truth(scene), flash, 2), truth(scene), GetParam(), 0), kCode);
  EXPECT_FALSE(film.observe(flash).shot.cut);
}

TEST_P(TemporalAtScale, ColoursReturnAfterADamagedFrameThatLookedLikeACut) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  const std::vector<float> out =
      after(film, scene, truth(scene), test::scenery(kWidth, kHeight, 9), 1);
  EXPECT_LT(worst(out, truth(scene), GetParam(), 0), kCode);
}

TEST_P(TemporalAtScale, SaysThatAFrameReturnsToTheShotThatDamageInterrupted) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  film.show(scene, truth(scene));
  EXPECT_FALSE(film.observe(scene).returns);
  film.show(scene, truth(scene));
  const Picture damaged = test::scenery(kWidth, kHeight, 9);
  EXPECT_FALSE(film.observe(damaged).returns);
  film.filter().filter(truth(damaged).data(), kStrength);
  EXPECT_TRUE(film.observe(scene).returns);
  film.filter().filter(truth(scene).data(), kStrength);
  EXPECT_FALSE(film.observe(scene).returns);
}

TEST_P(TemporalAtScale, AfterSkippedFramesCutsAreSeenAndColoursAreTheNetworksToTheBit) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  film.show(scene, test::network_chroma(scene, GetParam(), 1.0f, 3));
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(film.observe(scene).shot.cut);
    film.filter().skip();
  }
  EXPECT_EQ(film.show(scene, truth(scene)), truth(scene));
  film.observe(scene);
  film.filter().skip();
  EXPECT_TRUE(film.observe(test::scenery(kWidth, kHeight, 2)).shot.cut);
}

TEST_P(TemporalAtScale, ASceneAfterBlackIsAnother) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1),
                other = test::scenery(kWidth, kHeight, 2);
  Picture black(kWidth, kHeight);
  std::fill(black.luma.begin(), black.luma.end(), -1.0f);
  film.show(scene, truth(scene));
  for (int i = 0; i < 5; ++i) film.show(black, truth(black));
  EXPECT_TRUE(film.observe(other).shot.cut);
  film.show(other, truth(other));
  for (int i = 0; i < 40; ++i) film.show(black, truth(black));
  EXPECT_TRUE(film.observe(other).shot.cut);
}

TEST_P(TemporalAtScale, AFadeKeepsTheColours) {
  Film film(GetParam());
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  const std::vector<float> colours = truth(scene);
  film.show(scene, colours);
  for (int i = 1; i <= 20; ++i) {
    Picture faded = scene;
    test::expose(faded, 1.0f - 0.045f * i);
    ASSERT_FALSE(film.observe(faded).shot.cut) << "frame " << i;
    const std::vector<float> out = film.carry(faded);
    EXPECT_LT(difference(out, colours), 0.5 * kCode) << "frame " << i;
  }
}

TEST_P(TemporalAtScale, ADissolveFollowsTheNetwork) {
  Film film(GetParam());
  const Picture from = test::scenery(kWidth, kHeight, 1), into = test::scenery(kWidth, kHeight, 2);
  const double apart = difference(truth(from), truth(into));
  for (int i = 0; i < 20; ++i) film.show(from, truth(from));
  for (int i = 1; i <= 24; ++i) {
    Picture picture = from;
    test::dissolve(picture, into, i / 24.0f);
    const std::vector<float> colours = truth(picture);
    EXPECT_FALSE(film.observe(picture).shot.cut);
    EXPECT_LT(difference(film.show(picture, colours), colours), 0.12 * apart) << "frame " << i;
  }
}

TEST_P(TemporalAtScale, DrawsNoSeamsIntoASmoothPicture) {
  Film film(GetParam());
  const int64_t scale = GetParam(), width = kWidth / scale;
  std::vector<float> out;
  for (uint32_t i = 0; i < 20; ++i) {
    Picture picture = test::scenery(kWidth, kHeight, 1, 2 * i, i);
    std::fill(picture.cb.begin(), picture.cb.end(), 0.0f);
    std::fill(picture.cr.begin(), picture.cr.end(), 0.0f);
    out = film.show(picture, guess(picture, i));
  }
  // Steps at the borders of cells of motion against steps elsewhere.
  double border = 0.0, inside = 0.0;
  int64_t borders = 0, insides = 0;
  for (int64_t line = 0; line < 2 * kHeight / scale; ++line) {
    for (int64_t x = 1; x < width; ++x) {
      const double step = std::abs(out[line * width + x] - out[line * width + x - 1]);
      const bool at_border = x * scale % pixel::kCell == 0;
      (at_border ? border : inside) += step;
      ++(at_border ? borders : insides);
    }
  }
  EXPECT_LT(border / borders / (inside / insides), 1.05);
}

TEST(TemporalFilter, IsNeutralWhereThereIsNothingToCarry) {
  Film film(2);
  const std::vector<float> out = film.carry(test::scenery(kWidth, kHeight, 1));
  for (const float value : out) ASSERT_EQ(value, 0.0f);
  EXPECT_EQ(film.uncertain_share(), 1.0f);
}

TEST(TemporalFilter, ForgetsOnReset) {
  Film film(2);
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  const auto chroma = [&scene](uint32_t seed) {
    return test::network_chroma(scene, 2, test::kNetworkError, seed);
  };
  film.show(scene, chroma(1));
  EXPECT_NE(film.show(scene, chroma(2)), chroma(2));
  film.filter().reset();
  EXPECT_EQ(film.show(scene, chroma(3)), chroma(3));
}

}  // namespace
}  // namespace cgan
