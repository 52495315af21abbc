#include "model/threads/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <sstream>
#include <vector>

namespace cgan {
namespace {

TEST(WorkerPool, RunsEveryItemOnceOnAnyNumberOfThreads) {
  for (const int threads : {1, 2, 3, 8}) {
    WorkerPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const int64_t count : {0, 1, 2, 5, 1000}) {
      std::vector<std::atomic<int>> runs(static_cast<size_t>(count));
      std::atomic<bool> is_thread_of_pool{true};
      pool.for_each(count, [&](int64_t item, int thread) {
        ++runs[static_cast<size_t>(item)];
        if (thread < 0 || thread >= threads) is_thread_of_pool = false;
      });
      for (const auto& run : runs) EXPECT_EQ(run, 1);
      EXPECT_TRUE(is_thread_of_pool);
    }
  }
}

TEST(WorkerPool, HasNoMoreThreadsThanAContainersQuotaAllows) {
  const auto allowed = [](const char* cpu_max) {
    std::istringstream text(cpu_max);
    return processors_of_quota(text, 8);
  };
  EXPECT_EQ(allowed("max 100000\n"), 8);
  EXPECT_EQ(allowed(""), 8);
  EXPECT_EQ(allowed("200000 100000\n"), 2);
  EXPECT_EQ(allowed("250000 100000\n"), 3);
  EXPECT_EQ(allowed("1000 100000\n"), 1);
  EXPECT_EQ(allowed("9000000 100000\n"), 8);
}

TEST(WorkerPool, SumsUpLoopsThatFollowEachOtherWithoutAPause) {
  WorkerPool pool(4);
  std::vector<int64_t> sums(4, 0);  // Of each thread.
  constexpr int64_t kLoops = 20000, kItems = 7;
  for (int64_t loop = 0; loop < kLoops; ++loop)
    pool.for_each(kItems, [&](int64_t item, int thread) {
      sums[static_cast<size_t>(thread)] += loop * kItems + item;
    });
  int64_t sum = 0;
  for (const int64_t part : sums) sum += part;
  EXPECT_EQ(sum, kLoops * kItems * (kLoops * kItems - 1) / 2);
}

TEST(WorkerPool, ALoopInsideOfAnItemRunsInItsThread) {
  WorkerPool pool(3);
  std::atomic<int> items{0}, foreign{0};
  pool.for_each(8, [&](int64_t, int) {
    const auto own = std::this_thread::get_id();
    pool.for_each(5, [&](int64_t, int thread) {
      ++items;
      if (std::this_thread::get_id() != own || thread != 0) ++foreign;
    });
  });
  EXPECT_EQ(items, 40);
  EXPECT_EQ(foreign, 0);
}

TEST(WorkerPool, RowBandsCoverTheRowsWithoutOverlap) {
  WorkerPool pool(2);
  for (const int64_t rows : {1, 15, 16, 17, 100}) {
    std::vector<std::atomic<int>> seen(static_cast<size_t>(rows));
    for_row_bands(pool, rows, [&](int64_t first, int64_t last, int) {
      EXPECT_EQ(first % kBandRows, 0);
      for (int64_t y = first; y < last; ++y) ++seen[static_cast<size_t>(y)];
    });
    for (const auto& count : seen) EXPECT_EQ(count, 1);
  }
}

TEST(WorkerPool, JobsRunOnceAndMayBeStartedAgain) {
  for (const int threads : {1, 2, 4}) {
    WorkerPool pool(threads);
    std::atomic<int> runs{0};
    std::vector<std::unique_ptr<WorkerPool::Job>> jobs;
    for (int i = 0; i < 6; ++i) jobs.push_back(std::make_unique<WorkerPool::Job>([&] { ++runs; }));
    for (int round = 1; round <= 200; ++round) {
      for (auto& job : jobs) pool.start(*job);
      for (auto& job : jobs) pool.wait(*job);
      ASSERT_EQ(runs, 6 * round);
    }
  }
}

TEST(WorkerPool, LoopsGoOnWhileJobsRun) {
  WorkerPool pool(3);
  std::atomic<int> items{0}, runs{0};
  std::vector<std::unique_ptr<WorkerPool::Job>> jobs;
  for (int i = 0; i < 4; ++i)
    jobs.push_back(std::make_unique<WorkerPool::Job>([&] {
      ++runs;
      pool.for_each(3, [&](int64_t, int) { ++items; });
    }));
  for (int round = 0; round < 300; ++round) {
    for (auto& job : jobs) pool.start(*job);
    pool.for_each(10, [&](int64_t, int) { ++items; });
    for (auto& job : jobs) pool.wait(*job);
  }
  EXPECT_EQ(runs, 1200);
  EXPECT_EQ(items, 1200 * 3 + 3000);
}

TEST(WorkerPool, WaitingRunsTheJobWhereNobodyElseDoes) {
  WorkerPool pool(1);
  std::thread::id ran_in;
  WorkerPool::Job job([&] { ran_in = std::this_thread::get_id(); });
  pool.wait(job);  // Not started: nothing to wait for.
  EXPECT_EQ(ran_in, std::thread::id());
  pool.start(job);
  EXPECT_EQ(ran_in, std::thread::id());
  pool.wait(job);
  EXPECT_EQ(ran_in, std::this_thread::get_id());
}

TEST(WorkerPool, CancelledJobsDoNotRunLater) {
  WorkerPool pool(1);
  int runs = 0;
  WorkerPool::Job job([&] { ++runs; });
  pool.start(job);
  pool.cancel(job);
  pool.wait(job);
  EXPECT_EQ(runs, 0);
  pool.start(job);
  pool.wait(job);
  EXPECT_EQ(runs, 1);
}

TEST(WorkerPool, CancellingWaitsForAJobThatRuns) {
  WorkerPool pool(2);
  for (int round = 0; round < 200; ++round) {
    std::atomic<bool> begun{false}, ended{false};
    WorkerPool::Job job([&] {
      begun = true;
      std::this_thread::sleep_for(std::chrono::microseconds(50));
      ended = true;
    });
    pool.start(job);
    pool.cancel(job);
    EXPECT_EQ(begun, ended);
  }
}

TEST(WorkerPool, EndsWithJobsThatNobodyWaitedFor) {
  std::atomic<int> runs{0};
  std::vector<std::unique_ptr<WorkerPool::Job>> jobs;
  for (int i = 0; i < 8; ++i) jobs.push_back(std::make_unique<WorkerPool::Job>([&] { ++runs; }));
  {
    WorkerPool pool(2);
    for (auto& job : jobs) pool.start(*job);
  }
  EXPECT_LE(runs, 8);
}

}  // namespace
}  // namespace cgan
