#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>

#include "training/data/batches.h"

namespace cgan {

/// Makes batches ahead of their use, each on a thread of its own: a device that trains faster than
/// one core cuts and ages pictures is kept busy.
/// Thread-safety: one thread at a time; `make` is called by several at once.
class BatchQueue {
 public:
  /// @param make batch of a number; what it returns or throws must depend on that number only
  /// @param end number of which and of those after none is made
  /// @param ahead most batches in the making, at least 1
  BatchQueue(std::function<Batch(int64_t)> make, int64_t end, size_t ahead);

  /// @param number below `end`: the last call's plus one, or any other, which costs what was made
  ///   ahead
  /// @throws what `make` has thrown for it; std::out_of_range for a number from `end` on
  Batch take(int64_t number);

 private:
  std::function<Batch(int64_t)> make_;
  int64_t end_;
  size_t ahead_;
  int64_t first_ = 0;  ///< Number of the batch at the front.
  std::deque<std::future<Batch>> coming_;
};

}  // namespace cgan
