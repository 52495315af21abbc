#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "training/data/batch_queue.h"
#include "training/data/batches.h"
#include "training/data/dataset.h"
#include "training/recipe/recipe.h"

namespace cgan {

/// The batches that a run trains on: what is in them depends on recipe, data and step alone.
/// Thread-safety: `take` and `for_statistics` by several workers at once; `take` with batches made
/// ahead by one at a time.
class TrainingBatches {
 public:
  /// @param data must outlive this
  /// @param scale of the pictures whose vividness the generator is told, see
  ///   TrainedGenerator::scale()
  /// @param ahead whole batches are made ahead by all cores, for a device whose one worker would
  ///   else wait for its pictures
  TrainingBatches(const Recipe& recipe, const Dataset& data, int64_t scale, bool ahead);

  /// Whole batches in the training set; the rest of an epoch's order is left out.
  int64_t per_epoch() const { return per_epoch_; }

  /// Pictures first .. first + count - 1 of a step's batch, with Batch::vividness where the recipe
  /// tells it. Made ahead, the whole batch.
  Batch take(int64_t step, int64_t first, int64_t count);

  /// Batch `number` of those over which batch norm's statistics are measured: aged as in training,
  /// without second moments.
  /// @pre number < per_epoch()
  Batch for_statistics(int64_t number);

 private:
  std::vector<int64_t> pictures_of(int64_t step, int64_t first, int64_t count);
  Batch make(int64_t step, int64_t first, int64_t count);

  const Recipe recipe_;
  const Dataset& data_;
  const int64_t scale_, per_epoch_;
  std::mutex order_mutex_;
  int64_t order_epoch_ = -1;           ///< guarded by order_mutex_
  std::vector<int64_t> order_;         ///< of order_epoch_; guarded by order_mutex_
  std::unique_ptr<BatchQueue> queue_;  ///< null: not ahead
};

/// Batches that are worth making ahead: one for each core, as long as that is not a matter of
/// gigabytes.
size_t batches_ahead();

}  // namespace cgan
