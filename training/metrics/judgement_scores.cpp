#include "training/metrics/judgement_scores.h"

#include <ATen/ATen.h>

namespace cgan {

void JudgementScores::add(const at::Tensor& logits, bool original) {
  const auto answers = logits.detach().to(at::kDouble);
  const int64_t count = answers.numel();
  const int64_t called_original = (answers > 0).sum().item<int64_t>();
  // -log sigmoid(x) = softplus(-x), which does not overflow where a logit is large.
  cross_entropy_ += at::softplus(original ? -answers : answers).sum().item<double>();
  count_ += count;
  called_original_ += called_original;
  right_ += original ? called_original : count - called_original;
  if (!original) return;
  originals_ += count;
  found_ += called_original;
}

Judgement JudgementScores::scores() const {
  Judgement result;
  if (count_ == 0) return result;
  const auto share = [](int64_t part, int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / whole;
  };
  result.accuracy = share(right_, count_);
  result.cross_entropy = cross_entropy_ / count_;
  result.precision = share(found_, called_original_);
  result.recall = share(found_, originals_);
  return result;
}

}  // namespace cgan
