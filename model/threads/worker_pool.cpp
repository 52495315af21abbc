#include "model/threads/worker_pool.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include "model/threads/spin_pause.h"

namespace cgan {
namespace {

constexpr int kItemBits = 24;
constexpr uint64_t kItemMask = (uint64_t{1} << kItemBits) - 1;
// Everyone who finds the last item taken counts up once more.
static_assert(WorkerPool::kMostItems < static_cast<int64_t>(kItemMask) / 2);

// About what falling asleep and being woken costs: who spins no longer loses at most as much again
// (Karlin et al., "Empirical Studies of Competitive Spinning", 1991).
constexpr std::chrono::microseconds kLongestSpin{20};
constexpr int kPausesBetweenLooks = 16;

/// Of this thread: whether it runs an item or a job of any pool.
thread_local bool is_inside = false;

/// Whether the condition became true within kLongestSpin.
template <typename Condition>
bool spin_until(const Condition& condition) {
  if (condition()) return true;
  const auto end = std::chrono::steady_clock::now() + kLongestSpin;
  do {
    for (int i = 0; i < kPausesBetweenLooks; ++i) {
      spin_pause();
      if (condition()) return true;
    }
  } while (std::chrono::steady_clock::now() < end);
  return false;
}

}  // namespace

int processors_of_quota(std::istream& cpu_max, int processors) {
  double quota = 0, period = 0;
  if (!(cpu_max >> quota >> period) || quota <= 0 || period <= 0) return processors;
  return std::min(processors, std::max(static_cast<int>(std::ceil(quota / period)), 1));
}

int available_processors() {
  cpu_set_t set;
  // More than the set holds are refused: then the machine's count.
  const int processors = sched_getaffinity(0, sizeof set, &set) == 0
                             ? CPU_COUNT(&set)
                             : static_cast<int>(std::thread::hardware_concurrency());
  std::ifstream cpu_max("/sys/fs/cgroup/cpu.max");
  return processors_of_quota(cpu_max, std::max(processors, 1));
}

WorkerPool::WorkerPool(int threads) {
  try {
    for (int thread = 1; thread < threads; ++thread)
      workers_.emplace_back([this, thread] { work(thread); });
  } catch (const std::system_error&) {
    // There are no more threads to be had: those that are here do the work.
  } catch (...) {
    end_workers();
    throw;
  }
}

WorkerPool::~WorkerPool() {
  end_workers();
}

void WorkerPool::end_workers() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ends_ = true;
  }
  wake_workers_.notify_all();
  for (auto& worker : workers_) worker.join();
}

bool WorkerPool::has_items() const {
  const uint64_t items = items_.load();
  return (items & kItemMask) < items >> kItemBits;
}

/// Runs items of the loop at hand as long as there are some; whether there was one.
bool WorkerPool::take_items(int thread) {
  bool was_any = false;
  // Looked at first: else everyone who looks in vain would count up.
  while (has_items()) {
    const uint64_t items = items_.fetch_add(1);
    const uint64_t item = items & kItemMask, count = items >> kItemBits;
    if (item >= count) break;
    was_any = true;
    call_.run(call_.function, static_cast<int64_t>(item), thread);
    // Whoever is last wakes the caller, which waits for nothing else: call_ stays until then.
    if (done_.fetch_add(1) + 1 == static_cast<int64_t>(count) && thread != 0) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (caller_sleeps_) wake_caller_.notify_one();
    }
  }
  return was_any;
}

void WorkerPool::loop(int64_t count, Call call) {
  if (count <= 0) return;
  if (workers_.empty() || count == 1 || is_inside) {
    for (int64_t item = 0; item < count; ++item) call.run(call.function, item, 0);
    return;
  }
  call_ = call;
  done_ = 0;
  items_ = static_cast<uint64_t>(count) << kItemBits;
  if (sleeping_.load() > 0) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (count - 1 >= static_cast<int64_t>(workers_.size())) {
      wake_workers_.notify_all();
    } else {
      for (int64_t i = 1; i < count; ++i) wake_workers_.notify_one();
    }
  }
  is_inside = true;
  take_items(0);
  is_inside = false;
  const auto is_done = [&] { return done_.load() == count; };
  if (spin_until(is_done)) return;
  std::unique_lock<std::mutex> lock(mutex_);
  caller_sleeps_ = true;
  wake_caller_.wait(lock, is_done);
  caller_sleeps_ = false;
}

void WorkerPool::work(int thread) {
  is_inside = true;
  for (;;) {
    take_items(thread);
    if (!spin_until([this] { return has_items() || queued_.load() > 0; })) {
      std::unique_lock<std::mutex> lock(mutex_);
      ++sleeping_;
      wake_workers_.wait(lock, [this] { return ends_ || has_items() || !jobs_.empty(); });
      --sleeping_;
    }
    std::unique_lock<std::mutex> lock(mutex_);
    if (ends_) return;
    if (has_items()) continue;
    if (Job* const job = take_job()) run(*job, lock);
  }
}

/// The mutex is held, as for run().
WorkerPool::Job* WorkerPool::take_job() {
  if (jobs_.empty()) return nullptr;
  Job* const job = jobs_.front();
  jobs_.pop_front();
  --queued_;
  return job;
}

void WorkerPool::run(Job& job, std::unique_lock<std::mutex>& lock) {
  job.step_ = Job::Step::kRunning;
  lock.unlock();
  const bool was_inside = std::exchange(is_inside, true);
  job.run_();
  is_inside = was_inside;
  lock.lock();
  job.step_ = Job::Step::kDone;
  if (caller_sleeps_) wake_caller_.notify_one();
}

void WorkerPool::start(Job& job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  job.step_ = Job::Step::kQueued;
  jobs_.push_back(&job);
  ++queued_;
  if (sleeping_.load() > 0) wake_workers_.notify_one();
}

void WorkerPool::wait(Job& job) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (job.step_ == Job::Step::kQueued || job.step_ == Job::Step::kRunning) {
    // The job itself first: whoever waits for it waits in order.
    const auto queued = std::find(jobs_.begin(), jobs_.end(), &job);
    if (queued != jobs_.end()) std::rotate(jobs_.begin(), queued, queued + 1);
    if (Job* const next = take_job()) {
      run(*next, lock);
      continue;
    }
    caller_sleeps_ = true;
    wake_caller_.wait(lock, [&] { return job.step_ == Job::Step::kDone; });
    caller_sleeps_ = false;
  }
  job.step_ = Job::Step::kIdle;
}

void WorkerPool::cancel(Job& job) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto queued = std::find(jobs_.begin(), jobs_.end(), &job);
  if (queued != jobs_.end()) {
    jobs_.erase(queued);
    --queued_;
    job.step_ = Job::Step::kIdle;
    return;
  }
  lock.unlock();
  wait(job);
}

}  // namespace cgan
