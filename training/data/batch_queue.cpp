#include "training/data/batch_queue.h"

#include <ATen/Parallel.h>

#include <stdexcept>
#include <utility>

namespace cgan {

BatchQueue::BatchQueue(std::function<Batch(int64_t)> make, int64_t end, size_t ahead)
    : make_(std::move(make)), end_(end), ahead_(ahead) {}

Batch BatchQueue::take(int64_t number) {
  if (number >= end_) throw std::out_of_range("no such batch is to be made");
  if (number != first_) coming_.clear();
  first_ = number;
  while (coming_.size() < ahead_) {
    const auto next = first_ + static_cast<int64_t>(coming_.size());
    if (next >= end_) break;
    coming_.push_back(std::async(std::launch::async, [this, next] {
      at::set_num_threads(1);
      return make_(next);
    }));
  }
  auto batch = std::move(coming_.front());
  coming_.pop_front();
  ++first_;
  return batch.get();
}

}  // namespace cgan
