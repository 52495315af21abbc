#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "training/metrics/picture_scores.h"

namespace cgan {

/// Pictures that some program coloured, beside their originals: files (.png, .jpg, .jpeg, .bmp)
/// with the same name up to the ending, `results/dog.png` and `originals/dog.jpg`.
/// Thread-safety: one thread at a time.
class ResultPictures {
 public:
  /// Lists both folders, without their sub-folders, and reads no picture yet.
  /// @throws std::runtime_error where a folder cannot be read, holds two pictures of one name or
  ///   none at all, or where a result has no original.
  ResultPictures(const std::string& results, const std::string& originals);

  int64_t size() const { return static_cast<int64_t>(pairs_.size()); }
  /// Originals that no result belongs to.
  int64_t left_out() const { return left_out_; }
  /// Path of the original. @param index 0..size() - 1, in the order of the names
  const std::string& original(int64_t index) const { return pairs_.at(index).original; }

  /// @param index 0..size() - 1
  /// @return one picture (1, 3, H, W) of any size; no `own`, the label -1
  /// @throws std::runtime_error where a file cannot be decoded or the two differ in size.
  ScoredPictures read(int64_t index) const;

 private:
  struct Pair {
    std::string result, original;
  };
  std::vector<Pair> pairs_;
  int64_t left_out_ = 0;
};

}  // namespace cgan
