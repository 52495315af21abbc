#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <istream>
#include <mutex>
#include <thread>
#include <vector>

namespace cgan {

/// The threads of one colorizer: the calling thread and workers beside it. They run loops, whose
/// items everyone takes one after the other, and jobs, which one thread runs each.
///
/// A worker that the processor is not given takes no item, so nobody waits for it; who waits spins
/// for some microseconds at most and then sleeps. So the pool costs what its work costs, also where
/// other programs want the processor. Which thread runs an item is chance: results must not depend
/// on it.
///
/// Thread-safety: for_each(), start() and wait() from one thread at a time, the owner's. A loop
/// begun inside of an item or a job runs in that thread alone, as thread 0: what belongs to a
/// thread must then belong to the item or job as well.
class WorkerPool {
 public:
  static constexpr int64_t kMostItems = int64_t{1} << 22;  ///< Of one loop.

  /// @param threads the caller's included, positive; 1: there are no workers. Fewer where the
  ///   system has no more to give.
  explicit WorkerPool(int threads);
  /// Waits for loops and jobs that run; jobs that nobody has begun are left out.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls run(item, thread) for all items of 0..count - 1 and returns when all are done.
  /// @param count 0..kMostItems
  /// @param run called from several threads at once; `thread` is 0..threads() - 1, and no two calls
  ///   at the same time share it. Must not throw.
  template <typename Run>
  void for_each(int64_t count, const Run& run) {
    loop(count, {&run, [](const void* function, int64_t item, int thread) {
                   (*static_cast<const Run*>(function))(item, thread);
                 }});
  }

  /// Work that one thread does, some time between start() and the end of wait(). To be reused after
  /// wait().
  class Job {
   public:
    /// @param run must not throw
    explicit Job(std::function<void()> run) : run_(std::move(run)) {}

   private:
    friend class WorkerPool;
    enum class Step { kIdle, kQueued, kRunning, kDone };
    std::function<void()> run_;
    Step step_ = Step::kIdle;  ///< Under the pool's mutex.
  };

  /// Hands a job over that is idle or waited for. It must live until wait() or cancel().
  void start(Job& job);
  /// Returns when the job is done; runs it, or other jobs that nobody has begun, meanwhile. Nothing
  /// to do for a job that was not started.
  void wait(Job& job);
  /// As wait(), but a job that nobody has begun is left out.
  void cancel(Job& job);

 private:
  struct Call {
    const void* function;
    void (*run)(const void* function, int64_t item, int thread);
  };
  void end_workers();
  void loop(int64_t count, Call call);
  void work(int thread);
  bool take_items(int thread);
  bool has_items() const;
  Job* take_job();
  void run(Job& job, std::unique_lock<std::mutex>& lock);

  /// Items of the loop at hand in one number, so that taking one tells whether there is one:
  /// how many there are, and which is the next.
  std::atomic<uint64_t> items_{0};
  std::atomic<int64_t> done_{0};  ///< Of these.
  Call call_ = {};

  std::atomic<int> sleeping_{0};  ///< Workers.
  std::atomic<int> queued_{0};    ///< Jobs, for those who spin.
  bool caller_sleeps_ = false;    ///< These under the mutex.
  bool ends_ = false;
  std::deque<Job*> jobs_;
  std::mutex mutex_;
  std::condition_variable wake_workers_, wake_caller_;
  std::vector<std::thread> workers_;
};

/// Processors that this process may use, at least one, by its affinity and by the quota of the
/// container that it runs in: std::thread counts the machine's.
int available_processors();
/// @param cpu_max what a control group's file of that name says: "QUOTA PERIOD", or "max PERIOD"
/// @return of so many processors those that the quota allows, at least one
int processors_of_quota(std::istream& cpu_max, int processors);

/// Rows of one band: enough work to be worth a thread, few enough to share evenly.
constexpr int64_t kBandRows = 16;

/// Calls run(first, last, thread) for bands of rows that together cover 0..rows. Bands do not
/// depend on the number of threads and must not depend on each other: so the result does neither.
/// @param rows not negative
/// @param run as for WorkerPool::for_each()
template <typename Run>
void for_row_bands(WorkerPool& pool, int64_t rows, const Run& run) {
  pool.for_each((rows + kBandRows - 1) / kBandRows, [&](int64_t band, int thread) {
    const int64_t first = band * kBandRows;
    run(first, first + kBandRows < rows ? first + kBandRows : rows, thread);
  });
}

}  // namespace cgan
