#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace cgan {

/// A fixed number of workers that do one piece of work together and wait for each other. The
/// calling thread is worker 0; the others are threads that live as long as the team. Each worker
/// runs LibTorch's operations on one thread: parallelism lies over pictures, not inside operations.
/// Thread-safety: one thread at a time, the one that made the team.
class WorkerTeam {
 public:
  /// @param size 1 or more
  explicit WorkerTeam(int64_t size);
  ~WorkerTeam();
  WorkerTeam(const WorkerTeam&) = delete;
  WorkerTeam& operator=(const WorkerTeam&) = delete;

  int64_t size() const { return static_cast<int64_t>(failures_.size()); }

  /// Calls work(0) .. work(size() - 1) at the same time, returns when all have returned.
  /// @throws what a worker threw; of several, what the one with the lowest number threw.
  void run(const std::function<void(int64_t)>& work);

 private:
  void serve(int64_t worker);

  std::mutex mutex_;
  std::condition_variable started_, finished_;
  const std::function<void(int64_t)>* work_ = nullptr;  ///< guarded by mutex_
  uint64_t round_ = 0;                                  ///< guarded by mutex_
  int64_t running_ = 0;                                 ///< guarded by mutex_
  bool stopping_ = false;                               ///< guarded by mutex_
  std::vector<std::exception_ptr> failures_;            ///< one per worker, its own to write
  std::vector<std::thread> threads_;
};

}  // namespace cgan
