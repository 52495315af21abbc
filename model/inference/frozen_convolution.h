#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "model/inference/weight_folding.h"

namespace cgan {

/// What follows a convolution.
enum class Activation { kNone, kRelu, kRelu6 };

/// A convolution of LibTorch's whose weights stay as they are, with bias and activation.
/// Thread-safety: const after construction.
class FrozenConvolution {
 public:
  /// @param convolution (Cout, Cin / groups, K, K), K odd, and (Cout) or none
  /// @param stride 1, or 2 with the padding of TensorFlow's SAME for even sides
  explicit FrozenConvolution(const Convolution& convolution,
                             Activation activation = Activation::kNone, int64_t stride = 1,
                             int64_t groups = 1);

  /// @param input (N, Cin, H, W), channels_last, on the weights' device and in their type
  /// @return (N, Cout, H / stride, W / stride), channels_last
  at::Tensor operator()(const at::Tensor& input) const;

 private:
  Convolution convolution_;
  Activation activation_;
  int64_t stride_, groups_;
};

}  // namespace cgan
