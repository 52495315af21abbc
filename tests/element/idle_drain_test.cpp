#include "plugin/element/idle_drain.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace {

using cgan::IdleDrain;

constexpr std::chrono::hours kLong{1};
constexpr std::chrono::milliseconds kShort{2};
constexpr std::chrono::seconds kPatience{20};  // of the test

TEST(IdleDrainTest, CallsOnceWhereNothingComesAfterWhatWaits) {
  for (int round = 0; round < 3; ++round) {
    std::atomic<int> calls{0};
    std::promise<void> called;
    IdleDrain* self = nullptr;
    IdleDrain drain(
        [&] {
          if (self->claim() && ++calls == 1) called.set_value();
        },
        kShort);
    self = &drain;
    const auto start = IdleDrain::Clock::now();
    drain.arm();
    ASSERT_EQ(called.get_future().wait_for(kPatience), std::future_status::ready);
    EXPECT_GE(IdleDrain::Clock::now() - start, kShort);
    std::this_thread::sleep_for(10 * kShort);
    EXPECT_EQ(calls, 1);
    EXPECT_FALSE(drain.claim()) << "it has been";
  }
}

TEST(IdleDrainTest, CallsAgainAfterEachPause) {
  std::atomic<int> calls{0};
  IdleDrain* self = nullptr;
  IdleDrain drain([&] { calls += self->claim() ? 1 : 0; }, kShort);
  self = &drain;
  for (int i = 1; i <= 20; ++i) {
    drain.arm();
    const auto end = IdleDrain::Clock::now() + kPatience;
    while (calls < i && IdleDrain::Clock::now() < end) std::this_thread::yield();
    ASSERT_EQ(calls, i);
  }
}

TEST(IdleDrainTest, LeavesInPeaceWhatHasGoneOn) {
  std::atomic<int> claims{0};
  IdleDrain* self = nullptr;
  IdleDrain drain([&] { claims += self->claim() ? 1 : 0; }, kShort);
  self = &drain;
  for (int i = 0; i < 20; ++i) {
    drain.arm();
    drain.disarm();
    EXPECT_FALSE(drain.claim());
    const int before = claims;
    std::this_thread::sleep_for(2 * kShort);
    EXPECT_EQ(claims, before);
  }
}

TEST(IdleDrainTest, WaitsOnWhereFramesCome) {
  IdleDrain drain([] { FAIL() << "an hour early"; }, kLong);
  for (int i = 0; i < 1000; ++i) {
    drain.arm();
    EXPECT_FALSE(drain.claim());
  }
}

TEST(IdleDrainTest, StopsAtOnceWhateverItWaitsForAndBeginsAgain) {
  const auto start = IdleDrain::Clock::now();
  IdleDrain drain([] {}, kLong);
  drain.stop();
  for (int i = 0; i < 100; ++i) {
    drain.arm();
    if (i % 2 == 0) std::this_thread::yield();
    if (i % 3 == 0) drain.disarm();
    drain.stop();
    EXPECT_FALSE(drain.claim());
  }
  EXPECT_LT(IdleDrain::Clock::now() - start, kLong);
}

TEST(IdleDrainTest, StopsWhileItIsAtWork) {
  std::promise<void> at_work;
  std::atomic<bool> is_done{false};
  IdleDrain* self = nullptr;
  IdleDrain drain(
      [&] {
        self->claim();
        at_work.set_value();
        std::this_thread::sleep_for(10 * kShort);
        is_done = true;
      },
      kShort);
  self = &drain;
  drain.arm();
  at_work.get_future().wait();
  drain.stop();
  EXPECT_TRUE(is_done);
}

}  // namespace
