// Whole films by the kernels of the card, which run on the host, against those of the CPU.

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "tests/colorizer/cuda/host_backend.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/own_frames.h"
#include "tests/colorizer/settings.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/substitute_generators.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

constexpr int64_t kWidth = 120, kHeight = 90;
/// The network reads what kernels have written, so these do not wait; all that is copied does.
constexpr test::Hastes kBeside = {test::Haste::kLate, test::Haste::kPushing, test::Haste::kLate};

struct Shot {
  uint32_t scene;
  int frames;
  test::Dye dye;
};

/// What becomes of a film: its frames, and what is kept for each to go on from.
struct Shown {
  std::vector<std::vector<uint8_t>> planes, states;
  CganCounts counts;
};

struct Way {
  CganLook look;
  uint32_t lookahead;
  CganMemory memory;
  int interlaced;
  uint32_t delay = 0;
};

Shown show(const Way& way, std::unique_ptr<Backend> backend) {
  CganSettings settings = test::settings(1);
  settings.lookahead = way.lookahead;
  Colorizer colorizer(settings, std::make_unique<test::SubstituteGenerator>(test::warm_light),
                      std::move(backend));
  CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_NV12, CGAN_FORMAT_P010_10LE);
  info.memory = way.memory;
  info.interlaced = way.interlaced;
  info.delay = way.delay;
  colorizer.set_stream(info);
  const std::vector<Shot> film = {{1, 4, test::undyed}, {2, 3, test::muted}, {3, 3, test::undyed}};
  std::vector<std::unique_ptr<SyntheticFrame>> frames;
  for (const Shot& shot : film) {
    for (int i = 0; i < shot.frames; ++i) {
      frames.push_back(std::make_unique<SyntheticFrame>(CGAN_FORMAT_NV12, kWidth, kHeight, 3));
      test::print(*frames.back(), shot.dye, shot.scene);
      for (int64_t x = 0; x < 12; ++x) frames.back()->set_luma(x, 5, 20 + 15 * i);
    }
  }
  Shown shown;
  size_t finished = 0;
  const auto finish = [&] {
    SyntheticFrame out(CGAN_FORMAT_P010_10LE, kWidth, kHeight, 5);
    colorizer.finish(frames[finished++]->frame(), out.frame(), way.look);
    EXPECT_TRUE(out.padding_is_untouched());
    for (int plane = 0; plane < 2; ++plane) shown.planes.push_back(out.bytes(plane));
    shown.states.push_back(colorizer.state());
  };
  for (size_t i = 0; i < frames.size(); ++i) {
    colorizer.mark();
    colorizer.submit(frames[i]->frame(), way.look);
    if (i + 1 - finished > way.lookahead + way.delay) finish();
  }
  while (finished < frames.size()) finish();
  shown.counts = colorizer.counts();
  return shown;
}

void expect_same_films(const Way& way) {
  const Shown wanted = show(way, nullptr);
  for (const CganMemory memory : {CGAN_MEMORY_HOST, CGAN_MEMORY_CUDA}) {
    Way by_kernels = way;
    by_kernels.memory = memory;
    for (const uint32_t delay : {0u, 1u}) {
      by_kernels.delay = delay;
      const Shown found = show(by_kernels, std::make_unique<test::HostBackend>(kBeside));
      EXPECT_TRUE(found.planes == wanted.planes);
      EXPECT_TRUE(found.states == wanted.states);
      EXPECT_EQ(found.counts.kept, wanted.counts.kept);
      EXPECT_EQ(found.counts.cuts, wanted.counts.cuts);
      EXPECT_EQ(found.counts.carried, wanted.counts.carried);
    }
  }
}

CganLook keeping(CganLook look) {
  look.on_colour = CGAN_ON_COLOUR_KEEP;
  return look;
}

TEST(FilmsByKernels, AreThoseOfTheCpu) {
  expect_same_films({test::steady(0), 0, CGAN_MEMORY_HOST, 0});
  expect_same_films({test::alone(), 0, CGAN_MEMORY_HOST, 0});
}

TEST(FilmsByKernels, AreThoseOfTheCpuWhereShotsKeepTheirColours) {
  const Way way = {keeping(test::steady(0)), 0, CGAN_MEMORY_HOST, 0};
  EXPECT_GT(show(way, nullptr).counts.kept, 0u);
  expect_same_films(way);
}

TEST(FilmsByKernels, AreThoseOfTheCpuWhereColourIsCarried) {
  const Way way = {test::steady(3, 0.3), 0, CGAN_MEMORY_HOST, 0};
  EXPECT_GT(show(way, nullptr).counts.carried, 0u);
  expect_same_films(way);
}

TEST(FilmsByKernels, AreThoseOfTheCpuWhereLaterFramesHaveASay) {
  expect_same_films({keeping(test::steady(1)), 3, CGAN_MEMORY_HOST, 0});
}

TEST(FilmsByKernels, AreThoseOfTheCpuInAStreamWithFields) {
  expect_same_films({test::steady(0), 0, CGAN_MEMORY_HOST, 1});
}

TEST(FilmsByKernels, AreTheSameOfSeveralColorizersInThreadsOfTheirOwn) {
  const Way way = {keeping(test::steady(0)), 0, CGAN_MEMORY_HOST, 0, 1};
  const Shown wanted = show(way, std::make_unique<test::HostBackend>(kBeside));
  std::vector<Shown> found(2);
  std::vector<std::thread> threads;
  for (Shown& shown : found)
    threads.emplace_back(
        [&shown, way] { shown = show(way, std::make_unique<test::HostBackend>(kBeside)); });
  for (std::thread& thread : threads) thread.join();
  for (const Shown& shown : found) EXPECT_TRUE(shown.planes == wanted.planes);
}

TEST(FilmsByKernels, EndInOneClearErrorWhereTheCardFails) {
  for (const CganMemory memory : {CGAN_MEMORY_HOST, CGAN_MEMORY_CUDA}) {
    auto backend = std::make_unique<test::HostBackend>();
    test::HostDevice& card = backend->device();
    Colorizer colorizer(test::settings(1),
                        std::make_unique<test::SubstituteGenerator>(test::warm_light),
                        std::move(backend));
    CganStreamInfo info = test::stream_of(kWidth, kHeight, CGAN_FORMAT_NV12, CGAN_FORMAT_NV12);
    info.memory = memory;
    colorizer.set_stream(info);
    SyntheticFrame in(CGAN_FORMAT_NV12, kWidth, kHeight), out(CGAN_FORMAT_NV12, kWidth, kHeight);
    in.fill_scene(1);
    colorizer.colorize(in.frame(), out.frame(), test::steady(0));
    card.break_down();
    for (int frame = 0; frame < 2; ++frame) {
      try {
        colorizer.colorize(in.frame(), out.frame(), test::steady(0));
        FAIL() << "it went on";
      } catch (const ColorizerError& error) {
        EXPECT_EQ(error.kind, CGAN_ERROR_DEVICE);
        EXPECT_STREQ(error.what(), "The card failed; use device=cpu.");
      }
    }
    if (memory == CGAN_MEMORY_CUDA) continue;
    EXPECT_EQ(out.bytes(0), in.bytes(0));
    for (const uint8_t code : out.bytes(1)) ASSERT_EQ(code, 128);
  }
}

}  // namespace
}  // namespace cgan
