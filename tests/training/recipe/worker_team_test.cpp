#include "training/recipe/worker_team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace cgan {
namespace {

TEST(WorkerTeam, CallsEachWorkerOnceAndWaitsForAll) {
  WorkerTeam team(3);
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> calls[3] = {};
    team.run([&](int64_t worker) { ++calls[worker]; });
    for (const auto& count : calls) ASSERT_EQ(count, 1);
  }
}

TEST(WorkerTeam, LetsTheWorkersRunAtTheSameTime) {
  WorkerTeam team(2);
  std::atomic<int> arrived{0};
  // Each waits for the other: one after the other would never end.
  team.run([&](int64_t) {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
  });
  EXPECT_EQ(arrived, 2);
}

TEST(WorkerTeam, HandsOnTheFailureOfTheLowestWorkerAndGoesOn) {
  WorkerTeam team(3);
  try {
    team.run([](int64_t worker) {
      if (worker > 0) throw std::runtime_error(std::to_string(worker));
    });
    FAIL() << "no failure";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "1");
  }
  std::atomic<int> calls{0};
  team.run([&](int64_t) { ++calls; });
  EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace cgan
