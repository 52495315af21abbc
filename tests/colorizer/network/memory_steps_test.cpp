#include "plugin/colorizer/network/memory_steps.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace cgan {
namespace {

/// Stands in for a card that has room for so many tiles at a time, and for a recording of as many.
class FakeCard {
 public:
  explicit FakeCard(int64_t room) : room_(room) {}
  void colour(const MemorySteps& steps) {
    attempts.emplace_back(steps.records(), steps.tiles());
    const int64_t wanted = steps.tiles() * (steps.records() ? 2 : 1);
    TORCH_CHECK_WITH(OutOfMemoryError, wanted <= room_, "no room for ", wanted);
  }
  std::vector<std::pair<bool, int64_t>> attempts;

 private:
  int64_t room_;
};

struct Outcome {
  std::vector<std::pair<bool, int64_t>> attempts;
  std::vector<std::string> notices;
};

Outcome run(FakeCard card, int64_t tiles, std::function<std::string()> give_up_frames = {}) {
  MemorySteps steps(tiles, std::move(give_up_frames));
  Outcome outcome;
  const auto colour = [&] { card.colour(steps); };
  const auto note = [&](const std::string& notice) { outcome.notices.push_back(notice); };
  run_within_memory(steps, colour, note);
  run_within_memory(steps, colour, note);  // what was given up stays so
  outcome.attempts = card.attempts;
  return outcome;
}

using Attempts = std::vector<std::pair<bool, int64_t>>;

TEST(MemorySteps, GiveNothingUpWhereThereIsRoom) {
  const Outcome outcome = run(FakeCard(12), 6);
  EXPECT_EQ(outcome.attempts, (Attempts{{true, 6}, {true, 6}}));
  EXPECT_TRUE(outcome.notices.empty());
}

TEST(MemorySteps, GiveUpTheRecordingFirstAndSaySo) {
  const Outcome outcome = run(FakeCard(6), 6);
  EXPECT_EQ(outcome.attempts, (Attempts{{true, 6}, {false, 6}, {false, 6}}));
  ASSERT_EQ(outcome.notices.size(), 1u);
  EXPECT_NE(outcome.notices[0].find("recorded"), std::string::npos);
}

TEST(MemorySteps, GiveUpAllFramesOnTheCardBeforeAllElseAndSaySo) {
  std::vector<std::string> frames = {kOneByOne, kCopiedAgain};
  const auto give_up_frames = [&] {
    if (frames.empty()) return std::string();
    std::string given_up = frames.back();
    frames.pop_back();
    return given_up;
  };
  const Outcome outcome = run(FakeCard(6), 6, give_up_frames);
  EXPECT_EQ(outcome.attempts, (Attempts{{true, 6}, {true, 6}, {true, 6}, {false, 6}, {false, 6}}));
  ASSERT_EQ(outcome.notices.size(), 3u);
  EXPECT_NE(outcome.notices[0].find("copied to it twice"), std::string::npos);
  EXPECT_NE(outcome.notices[1].find("one after the other"), std::string::npos);
  EXPECT_NE(outcome.notices[2].find("recorded"), std::string::npos);
}

TEST(MemorySteps, SaySoOnlyWhereFramesLayThere) {
  const Outcome outcome = run(FakeCard(6), 6, [] { return std::string(); });
  EXPECT_EQ(outcome.attempts, (Attempts{{true, 6}, {false, 6}, {false, 6}}));
  EXPECT_EQ(outcome.notices.size(), 1u);
}

TEST(MemorySteps, HalveTheTilesUntilThereIsRoom) {
  const Outcome outcome = run(FakeCard(1), 6);
  EXPECT_EQ(outcome.attempts,
            (Attempts{{true, 6}, {false, 6}, {false, 3}, {false, 1}, {false, 1}}));
  ASSERT_EQ(outcome.notices.size(), 3u);
  EXPECT_NE(outcome.notices[2].find("1 tiles"), std::string::npos);
}

TEST(MemorySteps, EndInAnErrorThatNamesTheRemedy) {
  try {
    run(FakeCard(0), 2);
    FAIL() << "it went on";
  } catch (const ColorizerError& error) {
    EXPECT_EQ(error.kind, CGAN_ERROR_MEMORY);
    EXPECT_NE(std::string(error.what()).find("device=cpu"), std::string::npos);
    EXPECT_NE(error.details.find("no room"), std::string::npos);
  }
}

TEST(MemorySteps, LeaveOtherErrorsAlone) {
  MemorySteps steps(4);
  EXPECT_THROW(run_within_memory(
                   steps, [] { throw std::logic_error("another"); }, [](const std::string&) {}),
               std::logic_error);
  EXPECT_TRUE(steps.records());
}

TEST(MemorySteps, KnowAFailureOfTheDriverByItsWords) {
  MemorySteps steps(4);
  bool has_failed = false;
  run_within_memory(
      steps, [&] { TORCH_CHECK(std::exchange(has_failed, true), "CUDA error: out of memory"); },
      [](const std::string&) {});
  EXPECT_FALSE(steps.records());
}

}  // namespace
}  // namespace cgan
