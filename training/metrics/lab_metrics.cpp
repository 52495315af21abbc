#include "training/metrics/lab_metrics.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <stdexcept>

namespace cgan {

void LabMetrics::add(const at::Tensor& predicted, const at::Tensor& original) {
  if (predicted.sizes() != original.sizes() || predicted.dim() < 3 || predicted.size(-3) != 3)
    throw std::invalid_argument("Lab pictures must have one shape (..., 3, H, W)");
  const at::NoGradGuard no_grad;
  const auto scale = at::tensor({50.0, 110.0, 110.0}, predicted.options()).view({3, 1, 1});
  // The sum runs in double: a test set has 30 million numbers.
  absolute_sum_ += ((predicted - original).abs() / scale).sum(at::kDouble).item<double>();

  // Differences are integers: limits halfway between them (4.4 -> 4.5, 11 -> 11.5) need no care
  // for rounding in float32.
  const auto distance = (predicted.round() - original.round()).abs();
  const auto within = [&](double lightness, double chroma) {
    const auto limit = at::tensor({lightness, chroma, chroma}, predicted.options()).view({3, 1, 1});
    return (distance <= limit).all(-3).sum().item<int64_t>();
  };
  within_2_ += within(2.5, 4.5);
  within_5_ += within(5.5, 11.5);
  pixels_ += predicted.numel() / 3;
}

LabScores LabMetrics::scores() const {
  LabScores scores;
  if (pixels_ == 0) return scores;
  scores.mae = 100 * absolute_sum_ / (3.0 * pixels_);
  scores.accuracy_2 = 100.0 * within_2_ / pixels_;
  scores.accuracy_5 = 100.0 * within_5_ / pixels_;
  return scores;
}

at::Tensor with_lightness_of(const at::Tensor& predicted, const at::Tensor& original) {
  return at::cat({original.narrow(-3, 0, 1), predicted.narrow(-3, 1, 2)}, -3);
}

}  // namespace cgan
