#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "model/threads/worker_pool.h"

namespace cgan {

/// The threads and the memory that a network computes with, one for each picture that is on its way
/// at the same time. Memory is taken piece by piece and given back all at once, so that after the
/// first picture of a size none is allocated. Thread-safety: one thread at a time.
class Workspace {
 public:
  /// Pieces begin at multiples of it: the widest vectors, and lines of the cache.
  static constexpr size_t kAlignment = 64;

  /// @param pool must outlive the workspace
  explicit Workspace(WorkerPool& pool) : pool_(pool) {}

  WorkerPool& pool() const { return pool_; }

  /// @return memory for `count` values, not set, valid until give_back()
  /// @throws std::bad_alloc
  template <typename Value>
  Value* take(int64_t count) {
    const size_t size = round_up(std::max<size_t>(static_cast<size_t>(count) * sizeof(Value), 1));
    if (size > block_size_ - used_) {
      // Blocks of what was not enough go on living until give_back(): their pieces are in use.
      block_size_ = std::max(size, 2 * block_size_);
      blocks_.emplace_back(
          static_cast<std::byte*>(::operator new (block_size_, std::align_val_t{kAlignment})));
      used_ = 0;
    }
    std::byte* const piece = blocks_.back().get() + used_;
    used_ += size;
    return reinterpret_cast<Value*>(piece);
  }

  /// What is taken from here on is free again after rewind(), as far as it lies in the same block.
  struct Mark {
    size_t blocks, used;
  };
  Mark mark() const { return {blocks_.size(), used_}; }
  void rewind(const Mark& mark) {
    if (mark.blocks == blocks_.size()) used_ = mark.used;
  }

  /// Everything that was taken is free again.
  void give_back() {
    if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
    used_ = 0;
  }

 private:
  struct Free {
    void operator()(std::byte* block) const {
      ::operator delete (block, std::align_val_t{kAlignment});
    }
  };
  static size_t round_up(size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

  WorkerPool& pool_;
  std::vector<std::unique_ptr<std::byte, Free>> blocks_;
  size_t block_size_ = 0, used_ = 0;  ///< Of the last block.
};

}  // namespace cgan
