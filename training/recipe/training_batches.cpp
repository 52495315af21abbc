#include "training/recipe/training_batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <thread>

#include "training/data/random.h"
#include "training/losses/colourfulness.h"
#include "training/recipe/trained_networks.h"

namespace cgan {
namespace {

constexpr uint64_t kPictureStream = 0x70696373, kVividnessStream = 0x76697669,
                   kStatisticsStream = 0x73746174;

/// @param original (N, 3, h, w), RGB, -1..1
/// @param first place of the first picture in the batch
/// @return (N), 0 for the pictures whose vividness is kept from the generator
at::Tensor told_vividness(const at::Tensor& original, const Recipe& recipe, int64_t step,
                          int64_t first) {
  const auto vividness = vividness_of(original);
  auto silent = at::empty({vividness.size(0)}, at::kBool);
  for (int64_t k = 0; k < silent.size(0); ++k) {
    SplitMix64 random(stream_seed(recipe.seed, step, kVividnessStream + first + k));
    silent.data_ptr<bool>()[k] = random.uniform() >= recipe.vividness;
  }
  return vividness.masked_fill(silent, 0);
}

}  // namespace

size_t batches_ahead() {
  return std::clamp(std::thread::hardware_concurrency(), 1u, 16u);
}

TrainingBatches::TrainingBatches(const Recipe& recipe, const Dataset& data, int64_t scale,
                                 bool ahead)
    : recipe_(recipe), data_(data), scale_(scale), per_epoch_(data.size() / recipe.batch) {
  if (ahead)
    queue_ =
        std::make_unique<BatchQueue>([this](int64_t step) { return make(step, 0, recipe_.batch); },
                                     recipe_.epochs * per_epoch_, batches_ahead());
}

std::vector<int64_t> TrainingBatches::pictures_of(int64_t step, int64_t first, int64_t count) {
  const int64_t epoch = step / per_epoch_;
  const std::lock_guard<std::mutex> lock(order_mutex_);
  if (order_epoch_ != epoch) {
    order_ = epoch_order(recipe_.seed, epoch, data_.size());
    order_epoch_ = epoch;
  }
  const auto begin = order_.begin() + step % per_epoch_ * recipe_.batch + first;
  return {begin, begin + count};
}

Batch TrainingBatches::make(int64_t step, int64_t first, int64_t count) {
  auto batch =
      make_batch(data_, pictures_of(step, first, count), recipe_.tile, recipe_.augmentation(),
                 stream_seed(recipe_.seed, static_cast<uint64_t>(step), kPictureStream), first);
  if (recipe_.vividness > 0)
    batch.vividness = told_vividness(at_scale(batch.colour, scale_), recipe_, step, first);
  return batch;
}

Batch TrainingBatches::take(int64_t step, int64_t first, int64_t count) {
  return queue_ ? queue_->take(step) : make(step, first, count);
}

Batch TrainingBatches::for_statistics(int64_t number) {
  auto augmentation = recipe_.augmentation();
  augmentation.pairs = 0;
  return make_batch(data_, pictures_of(number, 0, recipe_.batch), recipe_.tile, augmentation,
                    stream_seed(recipe_.seed, static_cast<uint64_t>(number), kStatisticsStream), 0);
}

}  // namespace cgan
