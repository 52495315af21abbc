#include "training/data/batch_queue.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>

namespace cgan::testing {
namespace {

Batch numbered(int64_t number) {
  Batch batch;
  batch.labels = at::full({1}, number, at::kLong);
  return batch;
}

int64_t number_of(const Batch& batch) {
  return batch.labels.item<int64_t>();
}

TEST(BatchQueue, GivesTheBatchesInOrderAndMakesNoneTooMany) {
  std::atomic<int> made{0};
  {
    BatchQueue queue(
        [&](int64_t number) {
          ++made;
          return numbered(number);
        },
        7, 3);
    for (int64_t i = 0; i < 7; ++i) EXPECT_EQ(number_of(queue.take(i)), i);
  }
  EXPECT_EQ(made, 7);
}

TEST(BatchQueue, BeginsAnywhere) {
  BatchQueue queue(numbered, 100, 4);
  EXPECT_EQ(number_of(queue.take(40)), 40);
  EXPECT_EQ(number_of(queue.take(41)), 41);
  EXPECT_EQ(number_of(queue.take(7)), 7);
  EXPECT_EQ(number_of(queue.take(8)), 8);
}

TEST(BatchQueue, ThrowsWhatMakingThrewForThatBatchOnly) {
  BatchQueue queue(
      [](int64_t number) {
        if (number == 2) throw std::runtime_error("2");
        return numbered(number);
      },
      10, 4);
  EXPECT_EQ(number_of(queue.take(0)), 0);
  EXPECT_EQ(number_of(queue.take(1)), 1);
  EXPECT_THROW(queue.take(2), std::runtime_error);
  EXPECT_EQ(number_of(queue.take(3)), 3);
}

}  // namespace
}  // namespace cgan::testing
