#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "model/inference/weight_folding.h"
#include "model/kernels/float_kernels.h"

namespace cgan {

/// What follows a convolution.
enum class Activation { kNone, kRelu, kRelu6 };

/// A convolution whose weights stay as they are, with bias and activation. On the CPU in float32
/// 1x1 and depthwise ones and 3x3 to two outputs run in kernels of our own, everything else is
/// LibTorch's. Thread-safety: const after construction.
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
  at::Tensor in_own_kernel(const at::Tensor& input) const;

  Convolution convolution_;
  Activation activation_;
  int64_t stride_, groups_;
  std::optional<PointwiseKernel> pointwise_;
  std::optional<DepthwiseKernel> depthwise_;
  std::optional<ChromaKernel> chroma_;
};

}  // namespace cgan
