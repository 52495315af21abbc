#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace cgan {

/// How well a discriminator tells originals from generated pictures. "Original" is the positive
/// class and is said where the logit is above 0, that is, the probability above one half.
struct Judgement {
  double accuracy = 0;       ///< Share of right answers, 0..1.
  double cross_entropy = 0;  ///< Mean over all pictures of -log of the right answer's probability.
  double precision = 0;      ///< Of the pictures called original, the share that is.
  double recall = 0;         ///< Of the originals, the share called original.
};

/// Collects a discriminator's answers.
/// Thread-safety: one thread at a time.
class JudgementScores {
 public:
  /// @param logits (N) @param original whether these pictures are originals
  void add(const at::Tensor& logits, bool original);
  /// Zeros before the first answer; precision is 0 where nothing was called original.
  Judgement scores() const;

 private:
  double cross_entropy_ = 0;
  int64_t count_ = 0, right_ = 0, originals_ = 0, called_original_ = 0, found_ = 0;
};

}  // namespace cgan
