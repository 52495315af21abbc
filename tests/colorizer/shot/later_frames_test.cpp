#include "plugin/colorizer/shot/later_frames.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

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

struct Shown {
  std::vector<float> steady, out;
};

/// Frames through the filter over the past and the queue for the future, as in the colorizer.
class Film {
 public:
  Film(int64_t scale, int64_t lookahead)
      : samples_(2 * (kWidth / scale) * (kHeight / scale)),
        past_(backend_->temporal_passes(kWidth, kHeight, scale)),
        later_(*backend_, kWidth, kHeight, scale, lookahead) {}

  /// @param chroma the network's; empty: colour is carried
  void add(const Picture& picture, const std::vector<float>& chroma, float strength = kStrength) {
    const auto seen = past_.observe(picture.luma.data(), kWidth, kCut);
    ASSERT_FALSE(later_.full());
    LaterFrames::Frame* const frame = &later_.next();
    put(picture.luma, frame->luma);
    frame->source = chroma.empty() ? ColourSource::kCarried : ColourSource::kNetwork;
    if (!chroma.empty() && frame->network != nullptr) put(chroma, frame->network);
    frame->begins = seen.shot.cut;
    frame->blank = seen.shot.blank;
    const float* steady = past_.filter(chroma.empty() ? nullptr : chroma.data(), strength);
    std::copy_n(steady, samples_, frame->steady.get());
    if (frame->evidence != nullptr) past_.evidence(strength, frame->evidence.get());
    later_.add();
    if (later_.full()) show(strength);
  }
  void show_rest() {
    while (!later_.empty()) show(kStrength);
  }
  const std::vector<Shown>& shown() const { return shown_; }
  LaterFrames& later() { return later_; }

 private:
  void show(float strength) {
    const float* const steady = later_.earliest().steady.get();
    Shown shown{{steady, steady + samples_}, {}};
    const float* out = later_.colour(strength, kCut);
    shown.out.assign(out, out + samples_);
    later_.pop_earliest();
    shown_.push_back(std::move(shown));
  }

  static void put(const std::vector<float>& numbers, const WorkArray& to) {
    std::copy(numbers.begin(), numbers.end(), to.get());
  }

  WorkerPool pool_{1};
  std::unique_ptr<Backend> backend_ = make_cpu_backend(pool_);
  int64_t samples_;  ///< Of both planes of chroma.
  TemporalFilter past_;
  LaterFrames later_;
  std::vector<Shown> shown_;
};

class LaterAtScale : public test::NetworkAtScale {};

INSTANTIATE_TEST_SUITE_P(Scales, LaterAtScale, testing::Values(1, 2));

TEST_P(LaterAtScale, TheFirstFramesOfAShotAgreeWithThoseThatFollow) {
  Film film(GetParam(), 6);
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  for (uint32_t i = 0; i < 20; ++i) film.add(scene, guess(scene, i));
  const auto& shown = film.shown();
  ASSERT_EQ(shown.size(), 14u);
  double with = 0.0, without = 0.0;
  for (int i = 1; i < 6; ++i) {
    with += difference(shown[i].out, shown[i - 1].out);
    without += difference(shown[i].steady, shown[i - 1].steady);
  }
  EXPECT_LT(with, 0.35 * without);
  EXPECT_LT(difference(shown[0].out, truth(scene)),
            0.55 * difference(shown[0].steady, truth(scene)));
}

TEST_P(LaterAtScale, AStillFilmFlickersLessThanWithout) {
  Film film(GetParam(), 4);
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  for (uint32_t i = 0; i < 48; ++i) {
    Picture picture = scene;
    test::add_grain(picture, 3 * kCode, i);
    film.add(picture, guess(picture, i));
  }
  double with = 0.0, without = 0.0;
  for (size_t i = 20; i < film.shown().size(); ++i) {
    with += difference(film.shown()[i].out, film.shown()[i - 1].out);
    without += difference(film.shown()[i].steady, film.shown()[i - 1].steady);
  }
  EXPECT_LT(with, 0.85 * without);
}

TEST_P(LaterAtScale, APanIsNearerToTheTruthThanWithout) {
  Film film(GetParam(), 6);
  std::vector<std::vector<float>> colours;
  for (uint32_t i = 0; i < 30; ++i) {
    Picture picture = test::scenery(kWidth, kHeight, 1, 4 * i, -2 * static_cast<int64_t>(i));
    colours.push_back(truth(picture));
    const std::vector<float> chroma = guess(picture, i);
    test::add_grain(picture, 3 * kCode, i);
    film.add(picture, chroma);
  }
  double with = 0.0, without = 0.0;
  for (size_t i = 0; i < film.shown().size(); ++i) {
    with += difference(film.shown()[i].out, colours[i]);
    without += difference(film.shown()[i].steady, colours[i]);
  }
  EXPECT_LT(with, 0.85 * without);
}

TEST_P(LaterAtScale, ADissolveLagsLessThanWithout) {
  Film film(GetParam(), 6);
  const Picture from = test::scenery(kWidth, kHeight, 1), into = test::scenery(kWidth, kHeight, 2);
  std::vector<std::vector<float>> colours;
  for (int i = 0; i < 60; ++i) {
    Picture picture = from;
    test::dissolve(picture, into, std::clamp((i - 20) / 24.0f, 0.0f, 1.0f));
    colours.push_back(truth(picture));
    film.add(picture, colours.back());
  }
  double with = 0.0, without = 0.0;
  for (size_t i = 20; i < 48; ++i) {
    with += difference(film.shown()[i].out, colours[i]);
    without += difference(film.shown()[i].steady, colours[i]);
  }
  EXPECT_LT(with, without);
}

TEST_P(LaterAtScale, NoShotSeesAnother) {
  const Picture scene = test::scenery(kWidth, kHeight, 1),
                other = test::scenery(kWidth, kHeight, 2);
  const auto run = [&](uint32_t first_seed, uint32_t second_seed) {
    Film film(GetParam(), 4);
    for (uint32_t i = 0; i < 5; ++i) film.add(scene, guess(scene, first_seed + i));
    for (uint32_t i = 0; i < 5; ++i) film.add(other, guess(other, second_seed + i));
    film.show_rest();
    return film.shown();
  };
  const auto base = run(0, 100), other_past = run(50, 100), other_future = run(0, 150);
  ASSERT_EQ(base.size(), 10u);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(base[i].out, other_future[i].out) << i;
    EXPECT_NE(base[i].out, other_past[i].out) << i;
    EXPECT_EQ(base[5 + i].out, other_past[5 + i].out) << i;
    EXPECT_NE(base[5 + i].out, other_future[5 + i].out) << i;
  }
  EXPECT_EQ(base[4].out, base[4].steady) << "the last of a shot has no later ones";
  EXPECT_NE(base[5].out, base[5].steady);
}

TEST_P(LaterAtScale, WhatIsNotThereYetHasNoSay) {
  Film film(GetParam(), 4);
  const Picture background = test::scenery(kWidth, kHeight, 1);
  Picture entered = background;
  test::paint_square(entered, 50, 30, 40, 0.6f, -0.6f);
  for (int i = 0; i < 8; ++i) film.add(background, truth(background));
  for (int i = 0; i < 4; ++i) film.add(entered, truth(entered));
  const std::vector<float> colours = truth(background), &out = film.shown()[7].out;
  ASSERT_EQ(film.shown().size(), 8u);
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

TEST_P(LaterAtScale, FramesBetweenTheNetworksOnesLieBetweenTheirColours) {
  Film film(GetParam(), 4);
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  const std::vector<float> early = guess(scene, 1), late = guess(scene, 2);
  film.add(scene, early);
  film.add(scene, {});
  film.add(scene, {});
  film.add(scene, late);
  film.show_rest();
  for (int i = 0; i < 3; ++i) {
    const std::vector<float>& out = film.shown()[i].out;
    EXPECT_LT(difference(out, early) + difference(out, late), 1.001 * difference(early, late));
    EXPECT_GT(difference(out, early), 0.4 * difference(early, late)) << i;
    EXPECT_GT(difference(out, late), 0.4 * difference(early, late)) << i;
  }
}

TEST_P(LaterAtScale, StrengthOfNoneAndAFrameWithoutLaterOnesKeepTheirColourToTheBit) {
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  Film none(GetParam(), 3);
  for (uint32_t i = 0; i < 6; ++i) none.add(scene, guess(scene, i), 0.0f);
  for (const Shown& shown : none.shown()) EXPECT_EQ(shown.out, shown.steady);
  Film alone(GetParam(), 3);
  alone.add(scene, guess(scene, 1));
  alone.show_rest();
  alone.add(scene, guess(scene, 2));
  alone.add(scene, {});
  alone.show_rest();
  for (const Shown& shown : alone.shown()) EXPECT_EQ(shown.out, shown.steady);
}

TEST_P(LaterAtScale, AFlashNeitherGetsNorGivesColour) {
  const Picture scene = test::scenery(kWidth, kHeight, 1);
  Picture flash(kWidth, kHeight);
  std::fill(flash.luma.begin(), flash.luma.end(), 1.0f);
  Film film(GetParam(), 3);
  const std::vector<float> red(truth(scene).size(), 0.3f);
  for (int i = 0; i < 4; ++i) film.add(scene, truth(scene));
  film.add(flash, red);
  for (int i = 0; i < 4; ++i) film.add(scene, truth(scene));
  film.show_rest();
  EXPECT_EQ(film.shown()[4].out, film.shown()[4].steady);
  for (const int i : {1, 2, 3, 5}) {
    EXPECT_LT(difference(film.shown()[i].out, truth(scene)), 0.1 * kCode) << i;
  }
}

// What the queue asks of the filter.

std::vector<float> show(TemporalFilter& filter, const Picture& picture,
                        const std::vector<float>& chroma) {
  filter.observe(picture.luma.data(), kWidth, kCut);
  const float* out = filter.filter(chroma.data(), kStrength);
  return {out, out + chroma.size()};
}

class FilterAtScale : public LaterAtScale {
 protected:
  TemporalFilter filter() const {
    return TemporalFilter(std::make_unique<CpuTemporalPasses>(kWidth, kHeight, GetParam()));
  }
  const Picture scene_ = test::scenery(kWidth, kHeight, 1);
};

INSTANTIATE_TEST_SUITE_P(Scales, FilterAtScale, testing::Values(1, 2));

TEST_P(FilterAtScale, ABeginningIsAResetAndTheFirstFrame) {
  TemporalFilter slow = filter(), fast = filter();
  show(slow, scene_, guess(scene_, 0));
  fast.begin(scene_.luma.data(), kWidth, guess(scene_, 0).data());
  for (uint32_t i = 1; i < 4; ++i) {
    const Picture picture = test::scenery(kWidth, kHeight, 1, 3 * i, i);
    const std::vector<float> chroma = guess(picture, i);
    EXPECT_EQ(show(slow, picture, chroma), show(fast, picture, chroma)) << i;
  }
}

TEST_P(FilterAtScale, TheShareOfANewFrameIsTheInverseOfTheEvidence) {
  const std::vector<float> none(truth(scene_).size(), 0.0f), all(none.size(), 1.0f);
  std::vector<float> evidence(none.size() / 2);
  for (const int frames : {1, 2, 5, 30}) {
    TemporalFilter filter = this->filter();
    for (int i = 1; i < frames; ++i) show(filter, scene_, none);
    const std::vector<float> out = show(filter, scene_, all);
    filter.evidence(kStrength, evidence.data());
    for (size_t i = 0; i < evidence.size(); ++i) ASSERT_NEAR(out[i], 1 / evidence[i], 1e-4f);
  }
}

TEST_P(FilterAtScale, WhatIsRecalledIsTheColourSoFarAndNothingOfAnotherScene) {
  TemporalFilter filter = this->filter();
  const std::vector<float> chroma = guess(scene_, 1);
  std::vector<float> evidence(chroma.size() / 2);
  show(filter, scene_, chroma);
  filter.observe(scene_.luma.data(), kWidth, kCut);
  const float* colour = filter.recall(kStrength, evidence.data());
  EXPECT_EQ(std::vector<float>(colour, colour + chroma.size()), chroma);
  for (const float frames : evidence) ASSERT_NEAR(frames, kStrength, 1e-4f);
  filter.observe(test::scenery(kWidth, kHeight, 2).luma.data(), kWidth, kCut);
  filter.recall(kStrength, evidence.data());
  for (const float frames : evidence) ASSERT_EQ(frames, 0.0f);
}

TEST(LaterFrames, HoldsAsManyAsItWasMadeForAndOne) {
  Film film(2, 2);
  LaterFrames& later = film.later();
  EXPECT_TRUE(later.empty());
  for (int i = 0; i < 3; ++i) {
    ASSERT_FALSE(later.full());
    later.add();
  }
  EXPECT_TRUE(later.full());
  later.pop_earliest();
  EXPECT_FALSE(later.full());
  later.clear();
  EXPECT_TRUE(later.empty());
  Film none(2, 0);
  none.later().add();
  EXPECT_TRUE(none.later().full());
}

}  // namespace
}  // namespace cgan
