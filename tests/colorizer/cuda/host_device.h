#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/launch.h"
#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan::test {

/// When a lane of a device does what it was asked for.
enum class Haste {
  kEager,   ///< At once, or as soon as what holds it has passed.
  kLate,    ///< When somebody waits for it.
  kPushing  ///< At once: what holds it is done first.
};
using Hastes = std::array<Haste, cuda::kLanes>;  ///< By Lane.

/// Stands in for a card: memory of the host, and the whole grid of a launch, threads beyond the
/// extent included, one after the other from the last to the first. Arrays end where they were
/// asked to, so that AddressSanitizer sees what a kernel reads or writes beyond. Lanes run as early
/// or as late as a test wants, so that an event that is missing gives wrong frames, and staging
/// that is given back while a lane has yet to copy there is a failure.
class HostDevice {
 public:
  explicit HostDevice(const Hastes& hastes = {}) : hastes_(hastes) {}

  void* allocate(int64_t bytes) { return allocate(bytes, false); }
  /// As a card's memory, when all is done.
  void release(void* data) {
    for (int lane = 0; lane < cuda::kLanes; ++lane) run_all(lane);
    forget(data);
  }
  int64_t arrays() const { return static_cast<int64_t>(memory_.size()); }
  /// To the device and back, so far; of memory, so far; that the host waited for something.
  int64_t copies() const { return copies_; }
  /// Of these, to the device beside what it computes.
  int64_t uploads() const { return uploads_; }
  int64_t allocations() const { return allocations_; }
  int64_t waits() const { return waits_; }
  /// Whether all is done that it was asked for.
  bool is_idle() const {
    return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane.empty(); });
  }
  /// Bytes that may still be allocated.
  void set_room(int64_t bytes) { room_ = bytes; }
  int64_t room() const { return room_; }

  void* allocate_staging(int64_t bytes) { return bytes == 0 ? nullptr : allocate(bytes, true); }
  /// At once.
  void release_staging(void* data) {
    const auto is_of_data = [&](const Task& task) { return staging_with(task.staging) == data; };
    const bool is_used = std::any_of(lanes_.begin(), lanes_.end(), [&](const auto& lane) {
      return data != nullptr && std::any_of(lane.begin(), lane.end(), is_of_data);
    });
    if (is_used) {
      ADD_FAILURE() << "staging was given back before the device was through with it";
      return release(data);
    }
    forget(data);
  }

  /// From now on every call that may fail does, as after a sticky error, and nothing is done.
  void break_down() {
    is_broken_ = true;
    for (auto& lane : lanes_) lane.clear();
  }

  void upload(void* to, const void* from, int64_t bytes, cuda::Lane lane) {
    ++copies_;
    uploads_ += lane == cuda::Lane::kUpload ? 1 : 0;
    if (staging_with(from) != nullptr)
      return ask(
          lane, [=] { std::memcpy(to, from, bytes); }, nullptr, from);
    const auto* const first = static_cast<const uint8_t*>(from);
    ask(lane, [to, read = std::vector<uint8_t>(first, first + bytes)] {
      std::memcpy(to, read.data(), read.size());
    });
  }
  /// To what is no staging, when all is done.
  void download(void* to, const void* from, int64_t bytes, cuda::Lane lane) {
    ++copies_;
    ask(
        lane, [=] { std::memcpy(to, from, bytes); }, nullptr, to);
    if (staging_with(to) != nullptr) return;
    ++waits_;
    run_all(static_cast<int>(lane));
  }
  void copy(const void* from, int64_t bytes, void* to) {
    ask(cuda::Lane::kCompute, [=] { std::memcpy(to, from, bytes); });
  }

  template <typename Kernel>
  void launch(const Kernel& kernel) {
    ask(cuda::Lane::kCompute, [kernel] {
      const cuda::LaunchShape shape = cuda::launch_shape(kernel.extent());
      for (int64_t y = int64_t{shape.blocks_down} * cuda::kBlockHeight - 1; y >= 0; --y) {
        for (int64_t x = int64_t{shape.blocks_across} * cuda::kBlockWidth - 1; x >= 0; --x)
          kernel(x, y);
      }
    });
  }

  /// A moment: how often it was asked for and how often it has passed.
  struct Moment {
    int64_t recorded = 0, passed = 0;
    int lane = 0;
  };
  using Event = Moment*;
  Event make_event() { return &moments_.emplace_back(); }
  /// As a card's, which does not wait: what is asked for goes on.
  void destroy_event(Event) {}
  void record(cuda::Lane lane, Event event) {
    event->lane = static_cast<int>(lane);
    const int64_t number = ++event->recorded;
    ask(lane, [=] { event->passed = number; });
  }
  void hold(cuda::Lane lane, Event event) { ask(lane, {}, event); }
  void wait(Event event) {
    check();
    if (event->passed == event->recorded) return;
    ++waits_;
    push(event, event->recorded);
  }
  void wait() {
    check();
    ++waits_;
    run_all(static_cast<int>(cuda::Lane::kCompute));
  }

 private:
  struct Memory {
    std::unique_ptr<uint8_t[]> data;
    int64_t bytes;
    bool is_staging;
  };
  struct Task {
    std::function<void()> run;  ///< Empty: it holds the lane.
    Event held_by;
    int64_t number;
    const void* staging;  ///< That it reads or writes.
  };

  void* allocate(int64_t bytes, bool is_staging) {
    if (bytes > room_)
      throw ColorizerError(CGAN_ERROR_MEMORY, "The card is out of memory; use device=cpu.");
    room_ -= bytes;
    ++allocations_;
    Memory memory = {std::make_unique<uint8_t[]>(bytes), bytes, is_staging};
    uint8_t* const data = memory.data.get();
    std::memset(data, 0xCD, bytes);
    memory_.emplace(data, std::move(memory));
    return data;
  }
  void forget(void* data) {
    const auto place = memory_.find(static_cast<uint8_t*>(data));
    if (place == memory_.end()) return;
    room_ += place->second.bytes;
    memory_.erase(place);
  }
  /// The staging that has this byte; null: none.
  const void* staging_with(const void* byte) const {
    const auto* const at = static_cast<const uint8_t*>(byte);
    const auto next = memory_.upper_bound(const_cast<uint8_t*>(at));
    if (next == memory_.begin()) return nullptr;
    const auto& [first, memory] = *std::prev(next);
    return memory.is_staging && at < first + memory.bytes ? first : nullptr;
  }

  void check() const {
    if (is_broken_) throw ColorizerError(CGAN_ERROR_DEVICE, "The card failed; use device=cpu.");
  }
  void ask(cuda::Lane lane, std::function<void()> run, Event held_by = nullptr,
           const void* staging = nullptr) {
    check();
    const int64_t number = held_by == nullptr ? 0 : held_by->recorded;
    lanes_[static_cast<int>(lane)].push_back({std::move(run), held_by, number, staging});
    if (hastes_[static_cast<int>(lane)] == Haste::kPushing) run_all(static_cast<int>(lane));
    run_eager();
  }
  bool is_held(const Task& task) const {
    return task.held_by != nullptr && task.held_by->passed < task.number;
  }
  void run_next(int lane) {
    const Task task = std::move(lanes_[lane].front());
    lanes_[lane].pop_front();
    if (task.run) task.run();
  }
  /// What may run.
  void run_eager() {
    for (bool has_run = true; std::exchange(has_run, false);) {
      for (int lane = 0; lane < cuda::kLanes; ++lane) {
        if (hastes_[lane] != Haste::kEager) continue;
        for (; !lanes_[lane].empty() && !is_held(lanes_[lane].front()); has_run = true)
          run_next(lane);
      }
    }
  }
  /// Does something so that the lane comes on.
  void push_next(int lane) {
    const Task& task = lanes_[lane].front();
    if (is_held(task)) return push(task.held_by, task.number);
    run_next(lane);
    run_eager();
  }
  void push(Event event, int64_t number) {
    while (event->passed < number) push_next(event->lane);
  }
  void run_all(int lane) {
    while (!lanes_[lane].empty()) push_next(lane);
  }

  const Hastes hastes_;
  std::deque<Moment> moments_;
  std::array<std::deque<Task>, cuda::kLanes> lanes_;
  bool is_broken_ = false;
  int64_t copies_ = 0, uploads_ = 0, allocations_ = 0, waits_ = 0;
  int64_t room_ = std::numeric_limits<int64_t>::max();
  std::map<uint8_t*, Memory> memory_;
};

}  // namespace cgan::test
