#pragma once

// Notices that frames wait for later ones that do not come: somebody may push one frame and wait
// for its result before the next.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace cgan {

// A thread that wakes when nothing has come for a while. It sleeps on while frames come one after
// the other: a stream costs it some wakings a second, whatever its rate.
// Thread-safety: all but stop() may be called from any thread; stop() while no other calls arm(),
// and by one that holds nothing that `drain` takes.
class IdleDrain {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kPatience{200};

  // `drain` runs on the thread. It takes the lock under which frames come, asks claim() whether
  // they still wait, and then sees to them; it must not throw.
  explicit IdleDrain(std::function<void()> drain, Clock::duration patience = kPatience)
      : drain_(std::move(drain)), patience_(patience) {}
  ~IdleDrain() { stop(); }
  IdleDrain(const IdleDrain&) = delete;
  IdleDrain& operator=(const IdleDrain&) = delete;

  // Frames wait from now on; starts the thread where there is none. Throws std::system_error if
  // none can be had.
  void arm();
  // A frame has come, or none waits any more.
  void disarm();
  // True once for each arm() after which the patience has run out.
  bool claim();
  // Disarms, and returns when the thread has ended.
  void stop();

 private:
  static constexpr Clock::time_point kNever = Clock::time_point::max();
  void run();

  const std::function<void()> drain_;
  const Clock::duration patience_;
  std::thread thread_;

  std::mutex mutex_;  // around the rest
  std::condition_variable changed_;
  Clock::time_point deadline_ = kNever;
  bool sleeps_ = false;  // with no time to wake
  bool ends_ = false;
};

}  // namespace cgan
