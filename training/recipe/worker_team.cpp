#include "training/recipe/worker_team.h"

#include <ATen/Parallel.h>

namespace cgan {

WorkerTeam::WorkerTeam(int64_t size) : failures_(size) {
  at::set_num_threads(1);
  for (int64_t worker = 1; worker < size; ++worker)
    threads_.emplace_back([this, worker] { serve(worker); });
}

WorkerTeam::~WorkerTeam() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  started_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void WorkerTeam::serve(int64_t worker) {
  // OpenMP keeps the number of threads per thread: every worker has to set its own.
  at::set_num_threads(1);
  uint64_t seen = 0;
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    started_.wait(lock, [&] { return stopping_ || round_ != seen; });
    if (stopping_) return;
    seen = round_;
    const auto* work = work_;
    lock.unlock();
    try {
      (*work)(worker);
    } catch (...) {
      failures_[worker] = std::current_exception();
    }
    lock.lock();
    if (--running_ == 0) finished_.notify_one();
  }
}

void WorkerTeam::run(const std::function<void(int64_t)>& work) {
  for (auto& failure : failures_) failure = nullptr;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    work_ = &work;
    running_ = size() - 1;
    ++round_;
  }
  started_.notify_all();
  try {
    work(0);
  } catch (...) {
    failures_[0] = std::current_exception();
  }
  std::unique_lock<std::mutex> lock(mutex_);
  finished_.wait(lock, [&] { return running_ == 0; });
  for (const auto& failure : failures_)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace cgan
