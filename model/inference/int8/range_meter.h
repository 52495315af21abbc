#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "model/inference/int8/activation_ranges.h"

namespace cgan {

/// Sees all outputs of one layer and finds the range in which 255 steps lose least: with a wider
/// one every value is rounded more coarsely, with a narrower one the rare large values are clipped.
/// Minimises the squared error over a histogram; zeros, which rounding keeps, do not count.
class RangeMeter {
 public:
  /// @param output (N, C, H, W), float32, CPU; values that are not finite are passed over
  void add(const at::Tensor& output);
  /// 0..1 where nothing but zeros was seen.
  ActivationRange range() const;

 private:
  void widen(float largest);

  double limit_ = 0;             ///< The bins cover -limit_ .. limit_.
  std::vector<int64_t> counts_;  ///< Of each bin.
};

}  // namespace cgan
