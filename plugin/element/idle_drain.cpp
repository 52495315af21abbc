#include "plugin/element/idle_drain.h"

namespace cgan {

void IdleDrain::arm() {
  const std::lock_guard<std::mutex> lock(mutex_);
  deadline_ = Clock::now() + patience_;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  // Who sleeps until an earlier time sees then that there is a later one.
  if (sleeps_) changed_.notify_one();
}

void IdleDrain::disarm() {
  const std::lock_guard<std::mutex> lock(mutex_);
  deadline_ = kNever;
}

bool IdleDrain::claim() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (Clock::now() < deadline_) return false;
  deadline_ = kNever;
  return true;
}

void IdleDrain::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    deadline_ = kNever;
    ends_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  thread_ = {};
  ends_ = false;
}

void IdleDrain::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!ends_) {
    const Clock::time_point deadline = deadline_;
    if (deadline == kNever) {
      sleeps_ = true;
      changed_.wait(lock);
      sleeps_ = false;
    } else if (Clock::now() < deadline) {
      changed_.wait_until(lock, deadline);
    } else {
      lock.unlock();
      drain_();
      lock.lock();
    }
  }
}

}  // namespace cgan
