#include "plugin/colorizer/colorizer.h"

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <new>
#include <utility>

#include "plugin/colorizer/interface/colorizer_error.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/settings.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/substitute_generators.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::stream_of;
using test::SubstituteGenerator;
using test::SyntheticFrame;
using test::warm_light;
using test::with_network;

constexpr CganLook kAsItIs = test::alone();

TEST(Colorizer, WritesTheSameColoursAtFullAndHalfChromaWhereTheLumaIsFlat) {
  Colorizer colorizer = with_network(warm_light);
  SyntheticFrame source(CGAN_FORMAT_GRAY8, 40, 36);
  for (int64_t y = 0; y < 36; ++y) {
    for (int64_t x = 0; x < 40; ++x) source.at(0, x, y) = 180;
  }
  SyntheticFrame half(CGAN_FORMAT_I420, 40, 36), full(CGAN_FORMAT_Y444, 40, 36);
  colorizer.set_stream(stream_of(40, 36, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  colorizer.colorize(source.frame(), half.frame(), kAsItIs);
  colorizer.set_stream(stream_of(40, 36, CGAN_FORMAT_GRAY8, CGAN_FORMAT_Y444));
  colorizer.colorize(source.frame(), full.frame(), kAsItIs);
  EXPECT_NE(half.at(2, 10, 10), 128);
  for (int64_t y = 0; y < 36; ++y) {
    for (int64_t x = 0; x < 40; ++x) {
      ASSERT_EQ(full.at(1, x, y), half.at(1, x / 2, y / 2));
      ASSERT_EQ(full.at(2, x, y), half.at(2, x / 2, y / 2));
    }
  }
}

/// Chroma of three frames.
std::vector<uint8_t> short_film(Colorizer& colorizer) {
  colorizer.set_stream(stream_of(333, 217, CGAN_FORMAT_GRAY8, CGAN_FORMAT_NV12));
  std::vector<uint8_t> film;
  for (uint32_t seed = 0; seed < 3; ++seed) {
    SyntheticFrame source(CGAN_FORMAT_GRAY8, 333, 217), target(CGAN_FORMAT_NV12, 333, 217);
    source.fill_scene(seed);
    colorizer.colorize(source.frame(), target.frame(), kAsItIs);
    const std::vector<uint8_t> chroma = target.bytes(1);
    film.insert(film.end(), chroma.begin(), chroma.end());
  }
  return film;
}

TEST(Colorizer, GivesTheSameBitsAtAnyNumberOfThreads) {
  Colorizer one = with_network(warm_light, 1);
  const auto film = short_film(one);
  for (const int threads : {2, 3}) {
    Colorizer several = with_network(warm_light, threads);
    EXPECT_TRUE(short_film(several) == film) << threads;
  }
}

// LibTorch shares out the sums of a network in floating point, and their last digit may differ.
TEST(Colorizer, GivesColoursWithinACodeAtAnyNumberOfThreadsOfANetwork) {
  CganSettings settings = test::settings();
  settings.model = "cifar10";
  settings.threads = 1;
  Colorizer one(settings);
  const auto film = short_film(one);
  for (const int threads : {2, 3}) {
    settings.threads = static_cast<uint32_t>(threads);
    Colorizer several(settings);
    const auto other = short_film(several);
    ASSERT_EQ(other.size(), film.size());
    size_t differing = 0;
    for (size_t i = 0; i < film.size(); ++i) {
      ASSERT_LE(std::abs(other[i] - film[i]), 1);
      differing += other[i] != film[i] ? 1 : 0;
    }
    EXPECT_LT(differing, film.size() / 1000);
  }
}

/// A network that gives every frame another colour: what flickers at its worst. Each asks it twice,
/// for the tiles and for the whole.
SubstituteGenerator::Network flickering() {
  return [calls = 0](const at::Tensor& luma) mutable {
    return at::full({luma.size(0), 2, luma.size(2), luma.size(3)},
                    calls++ / 2 % 2 == 0 ? 0.1 : 0.2);
  };
}

std::vector<uint8_t> coloured(Colorizer& colorizer, SyntheticFrame& source, const CganLook& look) {
  SyntheticFrame target(CGAN_FORMAT_I420, 160, 120);
  colorizer.colorize(source.frame(), target.frame(), look);
  return target.bytes(1);
}

class SteadyColorizer : public testing::Test {
 protected:
  SteadyColorizer() : colorizer_(with_network(flickering())) {
    colorizer_.set_stream(stream_of(160, 120, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
    scene_.fill_scene(1);
    for (int64_t y = 0; y < 120; ++y)
      for (int64_t x = 0; x < 160; ++x) other_.set_luma(x, y, (x * x / 40 + 3 * y) % 200 + 20);
  }

  Colorizer colorizer_;
  SyntheticFrame scene_{CGAN_FORMAT_GRAY8, 160, 120}, other_{CGAN_FORMAT_GRAY8, 160, 120};
};

TEST_F(SteadyColorizer, FlickersLessThanTheNetwork) {
  const auto change = [&](const CganLook& look) {
    auto before = coloured(colorizer_, scene_, look);
    int64_t sum = 0;
    for (int frame = 0; frame < 12; ++frame) {
      const auto now = coloured(colorizer_, scene_, look);
      for (size_t i = 0; i < now.size(); ++i) sum += std::abs(now[i] - before[i]);
      before = now;
    }
    return sum;
  };
  const int64_t alone = change(kAsItIs);
  EXPECT_GT(alone, 0);
  EXPECT_LT(change(test::steady(0)), alone / 4);
}

TEST_F(SteadyColorizer, CarriesColourInTheFramesBetween) {
  const auto first = coloured(colorizer_, scene_, test::steady(3));
  for (int frame = 1; frame < 4; ++frame) {
    EXPECT_TRUE(coloured(colorizer_, scene_, test::steady(3)) == first) << frame;
  }
  EXPECT_EQ(colorizer_.counts().generated, 1u);
  EXPECT_FALSE(coloured(colorizer_, scene_, test::steady(3)) == first);
  EXPECT_EQ(colorizer_.counts().frames, 5u);
  EXPECT_EQ(colorizer_.counts().generated, 2u);
}

TEST_F(SteadyColorizer, AsksTheNetworkAtACutWhateverTheRefresh) {
  for (int frame = 0; frame < 3; ++frame) coloured(colorizer_, scene_, test::steady(1000));
  EXPECT_EQ(colorizer_.counts().generated, 1u);
  const auto after = coloured(colorizer_, other_, test::steady(1000));
  EXPECT_EQ(colorizer_.counts().generated, 2u);
  EXPECT_EQ(colorizer_.counts().cuts, 2u) << "the first frame of a film is one, too";
  // The network's second colour, and nothing of the shot before.
  colorizer_.reset();
  coloured(colorizer_, other_, kAsItIs);
  EXPECT_TRUE(coloured(colorizer_, other_, kAsItIs) == after);
}

TEST_F(SteadyColorizer, AsksTheNetworkWhereTheColourIsUnsure) {
  coloured(colorizer_, scene_, test::steady(1000, 0.1));
  coloured(colorizer_, scene_, test::steady(1000, 0.1));
  EXPECT_EQ(colorizer_.counts().generated, 1u);
  // A third of the picture becomes something else: no cut, but nothing to carry there.
  for (int64_t y = 0; y < 120; ++y)
    for (int64_t x = 0; x < 53; ++x) scene_.set_luma(x, y, other_.luma(x, y));
  coloured(colorizer_, scene_, test::steady(1000, 0.1));
  EXPECT_EQ(colorizer_.counts().generated, 2u);
  EXPECT_EQ(colorizer_.counts().cuts, 1u);
}

TEST_F(SteadyColorizer, ForgetsTheFramesBeforeAReset) {
  coloured(colorizer_, scene_, test::steady(1000));
  colorizer_.reset();
  coloured(colorizer_, scene_, test::steady(1000));
  EXPECT_EQ(colorizer_.counts().generated, 2u);
}

/// A network whose colours rise by less than one code from frame to frame.
SubstituteGenerator::Network creeping() {
  return [calls = 0](const at::Tensor& luma) mutable {
    return at::full({luma.size(0), 2, luma.size(2), luma.size(3)}, 0.1 + 0.0035 * (calls++ / 2));
  };
}

TEST(Colorizer, HoldsACodeThatLiesOneBesideTheNewOneButNotOverAResetOrACut) {
  SyntheticFrame scene(CGAN_FORMAT_GRAY8, 160, 120), other(CGAN_FORMAT_GRAY8, 160, 120);
  scene.fill_scene(1);
  for (int64_t y = 0; y < 120; ++y)
    for (int64_t x = 0; x < 160; ++x) other.set_luma(x, y, (x * x / 40 + 3 * y) % 200 + 20);
  Colorizer alone = with_network(creeping()), steady = with_network(creeping());
  for (Colorizer* colorizer : {&alone, &steady})
    colorizer->set_stream(stream_of(160, 120, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  // So little of the colour so far that the network's is as good as alone.
  const CganLook look = test::steady(0, 1.0, 1e-6);
  const auto show = [&](SyntheticFrame& source) {
    return std::pair(coloured(alone, source, kAsItIs), coloured(steady, source, look));
  };
  const auto [first_alone, first] = show(scene);
  EXPECT_TRUE(first == first_alone);
  const auto [second_alone, second] = show(scene);
  EXPECT_FALSE(second_alone == first_alone);
  EXPECT_TRUE(second == first);
  steady.reset();
  const auto [third_alone, third] = show(scene);
  EXPECT_TRUE(third == third_alone);
  const auto [fourth_alone, fourth] = show(scene);
  EXPECT_FALSE(fourth == fourth_alone);
  const auto [fifth_alone, fifth] = show(other);
  EXPECT_TRUE(fifth == fifth_alone);
}

/// The same film with a lookahead: frame after frame, the rest at the end.
std::vector<std::vector<uint8_t>> looked_ahead(int64_t lookahead, const CganLook& look,
                                               std::vector<SyntheticFrame*> film) {
  CganSettings settings = test::settings(1);
  settings.lookahead = static_cast<uint32_t>(lookahead);
  Colorizer colorizer(settings, std::make_unique<SubstituteGenerator>(flickering()));
  colorizer.set_stream(stream_of(160, 120, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  std::vector<std::vector<uint8_t>> chroma;
  const auto finish = [&](SyntheticFrame& source) {
    SyntheticFrame target(CGAN_FORMAT_I420, 160, 120);
    colorizer.finish(source.frame(), target.frame(), look);
    EXPECT_EQ(target.bytes(0), source.bytes(0));
    chroma.push_back(target.bytes(1));
  };
  for (size_t i = 0; i < film.size(); ++i) {
    colorizer.submit(film[i]->frame(), look);
    if (i >= static_cast<size_t>(lookahead)) finish(*film[chroma.size()]);
  }
  while (chroma.size() < film.size()) finish(*film[chroma.size()]);
  EXPECT_THROW(finish(*film[0]), ColorizerError) << "none waits";
  EXPECT_EQ(colorizer.counts().frames, film.size());
  EXPECT_EQ(colorizer.counts().generated + colorizer.counts().carried, film.size());
  return chroma;
}

TEST_F(SteadyColorizer, ALookaheadOverFramesThatAreColouredAloneChangesNoBit) {
  const std::vector<SyntheticFrame*> film(5, &scene_);
  const auto ahead = looked_ahead(3, kAsItIs, film);
  for (const auto& chroma : ahead) EXPECT_TRUE(chroma == coloured(colorizer_, scene_, kAsItIs));
}

TEST_F(SteadyColorizer, ALookaheadFlickersLessFromTheFirstFrameOn) {
  const auto change = [](const std::vector<std::vector<uint8_t>>& film) {
    int64_t sum = 0;
    for (size_t i = 1; i < film.size(); ++i) {
      for (size_t at = 0; at < film[i].size(); ++at) sum += std::abs(film[i][at] - film[i - 1][at]);
    }
    return sum;
  };
  const std::vector<SyntheticFrame*> film(12, &scene_);
  std::vector<std::vector<uint8_t>> without;
  for (size_t i = 0; i < film.size(); ++i) {
    without.push_back(coloured(colorizer_, scene_, test::steady(0)));
  }
  EXPECT_LT(change(looked_ahead(5, test::steady(0), film)), change(without) / 2);
}

TEST_F(SteadyColorizer, ALookaheadEndsAtACut) {
  const auto both = looked_ahead(4, test::steady(0), {&scene_, &scene_, &other_, &other_});
  const auto first = looked_ahead(4, test::steady(0), {&scene_, &scene_});
  const auto second = looked_ahead(4, test::steady(0), {&other_, &other_});
  EXPECT_TRUE(both[0] == first[0]);
  EXPECT_TRUE(both[1] == first[1]);
  // The network gives both shots the same two colours.
  EXPECT_TRUE(both[2] == second[0]);
  EXPECT_TRUE(both[3] == second[1]);
}

TEST(Colorizer, HoldsNoMoreFramesThanTheLookaheadAndForgetsThemAtAReset) {
  CganSettings settings = test::settings(1);
  settings.lookahead = 1;
  Colorizer colorizer(settings, std::make_unique<SubstituteGenerator>(warm_light));
  SyntheticFrame frame(CGAN_FORMAT_I420, 64, 48);
  EXPECT_THROW(colorizer.submit(frame.frame(), kAsItIs), ColorizerError) << "no stream yet";
  colorizer.set_stream(stream_of(64, 48, CGAN_FORMAT_I420, CGAN_FORMAT_I420));
  EXPECT_THROW(colorizer.let_go(), ColorizerError);
  colorizer.submit(frame.frame(), kAsItIs);
  colorizer.submit(frame.frame(), kAsItIs);
  EXPECT_THROW(colorizer.submit(frame.frame(), kAsItIs), ColorizerError);
  colorizer.let_go();
  colorizer.finish(frame.frame(), frame.frame(), kAsItIs);
  EXPECT_EQ(colorizer.counts().frames, 1u);
  colorizer.submit(frame.frame(), kAsItIs);
  colorizer.reset();
  EXPECT_THROW(colorizer.let_go(), ColorizerError);
}

TEST(Colorizer, TellsHowLongItsStagesTook) {
  Colorizer colorizer = with_network(warm_light);
  SyntheticFrame source(CGAN_FORMAT_GRAY8, 160, 120), target(CGAN_FORMAT_I420, 160, 120);
  source.fill_scene(1);
  colorizer.set_stream(stream_of(160, 120, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  EXPECT_EQ(colorizer.counts().network_ns, 0u) << "the run that warms up does not count";
  colorizer.colorize(source.frame(), target.frame(), test::steady(1));
  const CganCounts first = colorizer.counts();
  EXPECT_GT(first.network_ns, 0u);
  EXPECT_GE(first.call_ns, first.network_ns + first.steady_ns + first.frame_ns);
  EXPECT_GT(first.steady_ns, 0u);
  EXPECT_GT(first.frame_ns, 0u);
  colorizer.colorize(source.frame(), target.frame(), test::steady(1));
  EXPECT_EQ(colorizer.counts().carried, 1u);
  EXPECT_EQ(colorizer.counts().network_ns, first.network_ns);
  EXPECT_GT(colorizer.counts().steady_ns, first.steady_ns);
  EXPECT_GT(colorizer.counts().frame_ns, first.frame_ns);
}

TEST(Colorizer, GivesTheSamePictureInBatchesOfAnySize) {
  std::vector<std::vector<uint8_t>> results;
  for (const int64_t batch : {0, 1, 4, 1000}) {
    CganSettings settings = test::settings();
    settings.batch = static_cast<uint32_t>(batch);
    int64_t largest = 0;
    Colorizer colorizer(settings, std::make_unique<SubstituteGenerator>([&](const at::Tensor& t) {
                          largest = std::max(largest, t.size(0));
                          return warm_light(t);
                        }));
    SyntheticFrame source(CGAN_FORMAT_GRAY8, 200, 150), target(CGAN_FORMAT_I420, 200, 150);
    source.fill_scene(1);
    colorizer.set_stream(stream_of(200, 150, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
    colorizer.colorize(source.frame(), target.frame(), kAsItIs);
    results.push_back(target.bytes(2));
    EXPECT_EQ(largest, batch == 1 || batch == 4 ? batch : 35);  // 7 x 5 tiles in all
  }
  for (const auto& result : results) EXPECT_TRUE(result == results[0]);
}

TEST(Colorizer, ShowsTheNetworkTheRangeOfTheLuma) {
  float lowest = 0.0f, highest = 0.0f;
  Colorizer colorizer = with_network([&](const at::Tensor& tiles) {
    lowest = tiles.min().item<float>();
    highest = tiles.max().item<float>();
    return warm_light(tiles);
  });
  SyntheticFrame source(CGAN_FORMAT_GRAY8, 64, 64), target(CGAN_FORMAT_I420, 64, 64);
  for (int64_t y = 0; y < 64; ++y) {
    for (int64_t x = 0; x < 64; ++x) source.at(0, x, y) = x < 32 ? 16 : 235;
  }
  CganStreamInfo info = stream_of(64, 64, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420);
  colorizer.set_stream(info);
  colorizer.colorize(source.frame(), target.frame(), kAsItIs);
  EXPECT_NEAR(lowest, -1.0f, 1e-6f);
  EXPECT_NEAR(highest, 1.0f, 1e-6f);
  info.in_full_range = info.out_full_range = 1;
  colorizer.set_stream(info);
  colorizer.colorize(source.frame(), target.frame(), kAsItIs);
  EXPECT_NEAR(lowest, 16 / 127.5f - 1.0f, 1e-6f);
  EXPECT_NEAR(highest, 235 / 127.5f - 1.0f, 1e-6f);
}

/// Colours one good frame, then makes the network fail and looks at what is left.
template <typename Failure>
void expect_neutral_after(const SubstituteGenerator::Network& failing) {
  bool fails = false;
  Colorizer colorizer = with_network(
      [&](const at::Tensor& tiles) { return fails ? failing(tiles) : warm_light(tiles); });
  SyntheticFrame source(CGAN_FORMAT_GRAY8, 50, 41), target(CGAN_FORMAT_I420, 50, 41);
  source.fill_scene(1);
  colorizer.set_stream(stream_of(50, 41, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  fails = true;
  EXPECT_THROW(colorizer.colorize(source.frame(), target.frame(), kAsItIs), Failure);
  EXPECT_EQ(target.bytes(0), source.bytes(0));
  for (int plane = 1; plane < 3; ++plane) {
    for (const uint8_t code : target.bytes(plane)) ASSERT_EQ(code, 128);
  }
  fails = false;
  colorizer.colorize(source.frame(), target.frame(), kAsItIs);
  EXPECT_NE(target.at(2, 20, 20), 128) << "the next frame is coloured again";
}

TEST(Colorizer, LeavesLumaAndNeutralChromaWhereTheNetworkFails) {
  expect_neutral_after<c10::Error>(
      [](const at::Tensor&) -> at::Tensor { TORCH_CHECK(false, "shapes do not fit"); });
}

TEST(Colorizer, LeavesLumaAndNeutralChromaWhereMemoryIsShort) {
  expect_neutral_after<std::bad_alloc>(
      [](const at::Tensor&) -> at::Tensor { throw std::bad_alloc(); });
}

TEST(Colorizer, RefusesColoursThatAreNotNumbers) {
  expect_neutral_after<ColorizerError>([](const at::Tensor& tiles) {
    return warm_light(tiles).fill_(std::numeric_limits<float>::quiet_NaN());
  });
}

TEST(Colorizer, KeepsTheFormerStreamWhereTheNextCannotBeSet) {
  bool fails = false;
  Colorizer colorizer = with_network([&](const at::Tensor& tiles) {
    if (fails) throw std::bad_alloc();
    return warm_light(tiles);
  });
  SyntheticFrame source(CGAN_FORMAT_GRAY8, 20, 10), target(CGAN_FORMAT_I420, 20, 10);
  source.fill_scene(1);
  colorizer.set_stream(stream_of(20, 10, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  fails = true;
  EXPECT_THROW(colorizer.set_stream(stream_of(64, 64, CGAN_FORMAT_GRAY8, CGAN_FORMAT_Y444)),
               std::bad_alloc);
  fails = false;
  EXPECT_THROW(colorizer.set_stream(stream_of(64, 0, CGAN_FORMAT_GRAY8, CGAN_FORMAT_Y444)),
               ColorizerError);
  colorizer.colorize(source.frame(), target.frame(), kAsItIs);
  EXPECT_EQ(target.bytes(0), source.bytes(0));
}

}  // namespace
}  // namespace cgan
