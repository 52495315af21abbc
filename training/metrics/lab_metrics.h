#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace cgan {

/// Error of a set of pictures in CIE Lab, in the definitions of Nazeri, Ng and Ebrahimi, "Image
/// Colorization using Generative Adversarial Networks" (2018).
struct LabScores {
  /// 100 x mean over pixels and the three channels of |difference|, L divided by 50, a and b by
  /// 110: the channels scaled to -1..1.
  double mae = 0;
  /// Per cent of pixels that are right within 2 %: both pictures' Lab rounded to integers,
  /// |dL| <= 2 and |da|, |db| <= 4.4, all three at once.
  double accuracy_2 = 0;
  /// The same within 5 %: |dL| <= 5 and |da|, |db| <= 11.
  double accuracy_5 = 0;
};

/// Collects Lab errors picture by picture. Tensors stay on their device and cost three passes, so
/// that a trainer can score a whole test set each epoch.
/// Thread-safety: one thread at a time.
class LabMetrics {
 public:
  /// @param predicted (..., 3, H, W) from rgb_to_lab
  /// @param original the same shape, type and device
  /// @throws std::invalid_argument where the shapes differ or there are not three channels.
  void add(const at::Tensor& predicted, const at::Tensor& original);

  /// Pixels seen so far.
  int64_t pixels() const { return pixels_; }
  /// Over all pixels seen so far; zeros before the first.
  LabScores scores() const;

 private:
  double absolute_sum_ = 0;
  int64_t within_2_ = 0, within_5_ = 0, pixels_ = 0;
};

/// The prediction's a and b beside the original's L ("input's L"): what is left to be judged when
/// the luma is kept. @param predicted,original (..., 3, H, W) Lab @return (..., 3, H, W)
at::Tensor with_lightness_of(const at::Tensor& predicted, const at::Tensor& original);

}  // namespace cgan
