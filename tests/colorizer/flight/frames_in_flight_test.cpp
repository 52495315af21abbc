// Films with several frames on their way at once: the same bits as one after the other.

#include <ATen/ops/cat.h>
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/own_frames.h"
#include "tests/colorizer/settings.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/substitute_generators.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

constexpr int64_t kWidth = 120, kHeight = 90;
constexpr float kTooBright = 0.99f;

/// Colours that follow luma and vividness; throws for a picture that is all white.
class VividGenerator : public FrozenGenerator {
 public:
  int64_t tile() const override { return 32; }
  int64_t short_side() const override { return 64; }
  int64_t field() const override { return 32; }
  int64_t multiple() const override { return 32; }
  int64_t chroma_scale() const override { return 1; }

 protected:
  at::Tensor colour(const at::Tensor& luma, double vividness, Workspace&) const override {
    if (luma.min().item<float>() > kTooBright) throw std::bad_alloc();
    return at::cat({luma.mul(-0.15), luma.mul(0.2 + 0.1 * vividness)}, 1);
  }
};

/// A frame of a film, and what its user does with it.
struct Shot {
  std::unique_ptr<SyntheticFrame> frame;
  CganLook look;
  bool jumps = false;  ///< The stream jumps before it.
  bool is_let_go = false;
};
using Film = std::vector<Shot>;

void add(Film& film, const CganLook& look, uint32_t scene, int frames,
         const test::Dye& dye = test::undyed) {
  for (int i = 0; i < frames; ++i) {
    film.push_back({std::make_unique<SyntheticFrame>(CGAN_FORMAT_I420, kWidth, kHeight), look});
    test::print(*film.back().frame, dye, scene);
    // No two frames alike.
    for (int64_t x = 0; x < 12; ++x) film.back().frame->set_luma(x, 5, 20 + 15 * i);
  }
}

struct Way {
  int64_t lookahead;
  uint32_t delay;
  int threads;
};

struct Shown {
  std::vector<std::vector<uint8_t>> chroma;
  CganCounts counts;
  std::set<size_t> failed;  ///< Frames that got no colour.
};

CganSettings settings_of(const Way& way) {
  CganSettings settings = test::settings(static_cast<uint32_t>(way.threads));
  settings.lookahead = static_cast<uint32_t>(way.lookahead);
  return settings;
}

using States = std::vector<std::vector<uint8_t>>;

/// As many frames on their way as may be.
/// @param states of all frames, written; null: not asked for
/// @param first frame that is shown; with `states` given to read where it is not 0
Shown show(const Film& film, const Way& way, Colorizer& colorizer, States* states = nullptr,
           size_t first = 0) {
  CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_NV12);
  info.delay = way.delay;
  colorizer.set_stream(info);
  Shown shown;
  size_t submitted = first, finished = first;
  if (first > 0) colorizer.restore((*states)[first].data(), (*states)[first].size());
  const auto finish = [&] {
    const Shot& shot = film[finished];
    SyntheticFrame target(CGAN_FORMAT_NV12, kWidth, kHeight);
    if (shot.is_let_go) {
      colorizer.let_go();
    } else {
      try {
        colorizer.finish(shot.frame->frame(), target.frame(), shot.look);
      } catch (const std::bad_alloc&) {
        shown.failed.insert(finished);
        for (const uint8_t code : target.bytes(1)) EXPECT_EQ(code, 128);
      }
      if (first == 0 && states != nullptr) states->push_back(colorizer.state());
      EXPECT_EQ(target.bytes(0), shot.frame->bytes(0));
      shown.chroma.push_back(target.bytes(1));
    }
    ++finished;
  };
  for (size_t i = first; i < film.size(); ++i) {
    const Shot& shot = film[i];
    if (states != nullptr && first == 0) colorizer.mark();
    if (shot.jumps) {
      colorizer.reset();
      finished = submitted;
    }
    colorizer.submit(shot.frame->frame(), shot.look);
    ++submitted;
    if (submitted - finished > static_cast<size_t>(way.lookahead) + way.delay) finish();
  }
  while (finished < film.size()) finish();
  shown.counts = colorizer.counts();
  return shown;
}

Shown show(const Film& film, const Way& way) {
  Colorizer colorizer(settings_of(way), std::make_unique<VividGenerator>());
  return show(film, way, colorizer);
}

void expect_same(const Shown& found, const Shown& wanted, const Way& way) {
  const std::string name = "lookahead " + std::to_string(way.lookahead) + ", delay " +
                           std::to_string(way.delay) + ", threads " + std::to_string(way.threads);
  ASSERT_EQ(found.chroma.size(), wanted.chroma.size()) << name;
  for (size_t i = 0; i < found.chroma.size(); ++i)
    EXPECT_TRUE(found.chroma[i] == wanted.chroma[i]) << name << ", frame " << i;
  EXPECT_EQ(found.counts.frames, wanted.counts.frames) << name;
  EXPECT_EQ(found.counts.generated, wanted.counts.generated) << name;
  EXPECT_EQ(found.counts.cuts, wanted.counts.cuts) << name;
  EXPECT_EQ(found.counts.carried, wanted.counts.carried) << name;
  EXPECT_EQ(found.counts.kept, wanted.counts.kept) << name;
  EXPECT_EQ(found.failed, wanted.failed) << name;
}

void expect_same_in_every_way(const Film& film) {
  for (const int64_t lookahead : {0, 3}) {
    const Shown wanted = show(film, {lookahead, 0, 1});
    for (const uint32_t delay : {0u, 1u, 2u, 5u}) {
      for (const int threads : {1, 3}) {
        const Way way = {lookahead, delay, threads};
        expect_same(show(film, way), wanted, way);
      }
    }
  }
}

TEST(FramesInFlight, GetTheirOwnVividness) {
  Film film;
  add(film, test::alone(), 1, 9);
  for (size_t i = 0; i < film.size(); ++i)
    film[i].look.vividness = -1.0 + 0.25 * static_cast<double>(i);
  expect_same_in_every_way(film);
  const Shown shown = show(film, {0, 3, 2});
  EXPECT_EQ(shown.counts.generated, 9u);
  EXPECT_NE(shown.chroma[0], shown.chroma[8]);
}

TEST(FramesInFlight, AreSteadiedInOrderOverCuts) {
  Film film;
  add(film, test::steady(0), 1, 4);
  add(film, test::steady(0), 2, 4);
  add(film, test::alone(), 2, 2);
  add(film, test::steady(0), 1, 4);
  expect_same_in_every_way(film);
  EXPECT_EQ(show(film, {0, 3, 2}).counts.cuts, 3u);
}

TEST(FramesInFlight, WaitForThoseBeforeWhereColourIsCarried) {
  Film film;
  add(film, test::steady(2), 1, 7);
  add(film, test::steady(100, 0.05), 2, 4);
  add(film, test::steady(0), 3, 4);
  expect_same_in_every_way(film);
}

TEST(FramesInFlight, KeepTheirOwnColoursShotByShot) {
  CganLook look = test::steady(0);
  look.on_colour = CGAN_ON_COLOUR_KEEP;
  Film film;
  add(film, look, 1, 4);
  add(film, look, 2, 5, test::muted);
  add(film, look, 3, 4);
  expect_same_in_every_way(film);
  const CganCounts counts = show(film, {0, 3, 2}).counts;
  EXPECT_EQ(counts.kept, 5u);
  EXPECT_EQ(counts.generated, 8u) << "what nobody uses does not count";
}

TEST(FramesInFlight, AreForgottenAtAJump) {
  Film film;
  add(film, test::steady(0), 1, 8);
  add(film, test::steady(0), 1, 6);
  film[8].jumps = true;
  for (const int64_t lookahead : {0, 3}) {
    Film second;
    add(second, test::steady(0), 1, 6);
    const Shown wanted = show(second, {lookahead, 0, 1});
    for (const uint32_t delay : {0u, 2u, 5u}) {
      const Shown found = show(film, {lookahead, delay, 3});
      ASSERT_GE(found.chroma.size(), 6u);
      for (size_t i = 0; i < 6; ++i)
        EXPECT_TRUE(found.chroma[found.chroma.size() - 6 + i] == wanted.chroma[i]) << i;
    }
  }
}

TEST(FramesInFlight, GoOnFromTheStateBeforeAnyOfThem) {
  CganLook look = test::steady(1);
  look.on_colour = CGAN_ON_COLOUR_KEEP;
  Film film;
  add(film, look, 1, 4);
  add(film, look, 2, 2);  // a flash: the first shot returns
  add(film, look, 1, 3);
  add(film, look, 3, 3, test::muted);
  add(film, look, 2, 3);
  for (const Way& way : {Way{0, 0, 1}, {0, 2, 2}, {3, 2, 2}}) {
    Colorizer whole(settings_of(way), std::make_unique<VividGenerator>());
    States states;
    const Shown wanted = show(film, way, whole, &states);
    ASSERT_EQ(states.size(), film.size());
    for (size_t first = 1; first < film.size(); ++first) {
      Colorizer rest(settings_of(way), std::make_unique<VividGenerator>());
      const Shown found = show(film, way, rest, &states, first);
      for (size_t i = first; i < film.size(); ++i)
        EXPECT_TRUE(found.chroma[i - first] == wanted.chroma[i]) << first << ", frame " << i;
    }
  }
}

TEST(FramesInFlight, GoOnFromTheLittleStateOfACut) {
  Film film;
  add(film, test::steady(0), 1, 4);
  add(film, test::steady(0), 2, 12);
  const Way way = {2, 2, 2};
  Colorizer whole(settings_of(way), std::make_unique<VividGenerator>());
  States states(film.size());
  Film head;
  add(head, test::steady(0), 1, 4);
  add(head, test::steady(0), 2, 1);
  show(head, way, whole);
  EXPECT_TRUE(whole.changes_shot());
  states[4] = whole.state();
  EXPECT_LT(states[4].size(), 200u);
  const Shown wanted = show(film, way, whole);
  Colorizer rest(settings_of(way), std::make_unique<VividGenerator>());
  const Shown found = show(film, way, rest, &states, 4);
  for (size_t i = 4; i < film.size(); ++i)
    EXPECT_TRUE(found.chroma[i - 4] == wanted.chroma[i]) << i;
}

TEST(FramesInFlight, FindTheSameShotsWithoutTheNetwork) {
  Film film;
  add(film, test::steady(0), 1, 4);
  add(film, test::steady(0), 2, 4);
  const auto states_by = [&](int shots_only) {
    CganSettings settings = settings_of({0, 2, 2});
    settings.shots_only = shots_only;
    Colorizer colorizer(settings, std::make_unique<VividGenerator>());
    CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_NV12);
    colorizer.set_stream(info);
    States states;
    for (const Shot& shot : film) {
      SyntheticFrame target(CGAN_FORMAT_NV12, kWidth, kHeight);
      colorizer.colorize(shot.frame->frame(), target.frame(), shot.look);
      EXPECT_EQ(target.bytes(0), shot.frame->bytes(0));
      states.push_back(colorizer.state());
    }
    return states;
  };
  const States states = states_by(1);
  EXPECT_FALSE(states[4].empty());
  EXPECT_EQ(states, states_by(0));
}

TEST(FramesInFlight, RefuseAStateThatIsNotOne) {
  Film film;
  add(film, test::steady(0), 1, 3);
  const Way way = {0, 0, 1};
  Colorizer colorizer(settings_of(way), std::make_unique<VividGenerator>());
  States states;
  const Shown wanted = show(film, way, colorizer, &states);
  std::vector<uint8_t> state = states[2];
  EXPECT_THROW(colorizer.restore(state.data(), state.size() - 1), ColorizerError);
  state.push_back(0);
  EXPECT_THROW(colorizer.restore(state.data(), state.size()), ColorizerError);
  EXPECT_THROW(colorizer.restore(state.data(), 0), ColorizerError);
  for (uint8_t& byte : state) byte = 7;
  EXPECT_THROW(colorizer.restore(state.data(), state.size()), ColorizerError);
  EXPECT_TRUE(show(film, way, colorizer).chroma == wanted.chroma) << "it begins anew";
}

TEST(FramesInFlight, AreLetGoWithoutAChangeOfTheOthers) {
  Film film;
  add(film, test::steady(0), 1, 5);
  add(film, test::steady(0), 2, 5);
  for (const size_t i : {0u, 3u, 5u, 9u}) film[i].is_let_go = true;
  expect_same_in_every_way(film);
}

TEST(FramesInFlight, FailInOrderAndLeaveTheOthersAlone) {
  Film film;
  add(film, test::steady(0), 1, 4);
  add(film, test::steady(0), 1, 4);
  for (int64_t y = 0; y < kHeight; ++y)
    for (int64_t x = 0; x < kWidth; ++x) film[3].frame->set_luma(x, y, 235);
  const Shown wanted = show(film, {0, 1, 1});
  EXPECT_EQ(wanted.failed, std::set<size_t>{3});
  EXPECT_EQ(wanted.counts.frames, 7u);
  for (const int64_t lookahead : {0, 3}) {
    for (const uint32_t delay : {1u, 3u}) {
      const Way way = {lookahead, delay, 3};
      const Shown found = show(film, way);
      EXPECT_EQ(found.failed, wanted.failed);
      EXPECT_EQ(found.counts.generated, 7u);
      if (lookahead == 0) expect_same(found, wanted, way);
    }
  }
}

TEST(FramesInFlight, AreAsManyAsLookaheadAndDelayAllow) {
  for (const Way& way : {Way{0, 0, 1}, {0, 2, 2}, {2, 0, 2}, {1, 3, 2}}) {
    Colorizer colorizer(settings_of(way), std::make_unique<VividGenerator>());
    CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_NV12);
    info.delay = way.delay;
    colorizer.set_stream(info);
    Film film;
    add(film, test::alone(), 1, 1);
    const auto submit = [&] { colorizer.submit(film[0].frame->frame(), film[0].look); };
    for (uint32_t i = 0; i < way.lookahead + way.delay + 1; ++i) submit();
    EXPECT_THROW(submit(), ColorizerError);
    SyntheticFrame out(CGAN_FORMAT_NV12, kWidth, kHeight);
    EXPECT_THROW(colorizer.colorize(film[0].frame->frame(), out.frame(), film[0].look),
                 ColorizerError)
        << "frames wait";
    colorizer.let_go();
    submit();
    colorizer.set_stream(info);
    EXPECT_THROW(colorizer.let_go(), ColorizerError) << "a new stream has none";
  }
}

TEST(FramesInFlight, GainNothingWithOneThread) {
  EXPECT_EQ(Colorizer(settings_of({0, 0, 1}), std::make_unique<VividGenerator>()).best_delay(), 0u);
  EXPECT_EQ(Colorizer(settings_of({0, 0, 3}), std::make_unique<VividGenerator>()).best_delay(), 3u);
}

TEST(FramesInFlight, GetTheSameBitsOfInt8) {
  Film film;
  add(film, test::steady(0), 1, 3);
  add(film, test::vivid(0.5), 2, 2);
  const auto by = [&](const Way& way) {
    CganSettings settings = settings_of(way);
    settings.precision = CGAN_PRECISION_INT8;
    settings.work_size = 64;
    Colorizer colorizer(settings);
    return show(film, way, colorizer);
  };
  const Shown wanted = by({1, 0, 1});
  for (const Way& way : {Way{1, 0, 2}, {1, 2, 1}, {1, 2, 3}}) expect_same(by(way), wanted, way);
}

}  // namespace
}  // namespace cgan
