#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "model/inference/int8/activation_ranges.h"
#include "model/inference/int8/quantized_convolution.h"
#include "model/inference/weight_folding.h"
#include "model/kernels/byte_kernels.h"

namespace cgan {

/// A convolution of bytes whose weights stay as they are: 1x1 and depthwise ones run in kernels of
/// our own where the processor has their instructions, everything else is LibTorch's. Tensors are
/// quint8 and channels_last.
/// Thread-safety: one thread at a time.
class ByteConvolution {
 public:
  /// @param convolution (Cout, Cin / groups, K, K), K odd, and (Cout) or none, float32
  /// @param output of the convolution; where it begins at 0, clipping there is ReLU
  /// @param stride 1, or 2 with the padding of TensorFlow's SAME for even sides
  /// @param own_kernels false: LibTorch's in any case
  ByteConvolution(const Convolution& convolution, const ActivationRange& output, int64_t stride = 1,
                  int64_t groups = 1, bool own_kernels = byte_kernels_run_here());

  /// @param input (N, Cin, H, W); of a depthwise convolution with its zero at 0, as after ReLU
  /// @return (N, Cout, H / stride, W / stride)
  /// @throws c10::Error for an input of other channels, order or, of a depthwise one, zero
  at::Tensor operator()(const at::Tensor& input);

  /// The same of a convolution of stride 1 with b added: see sum().
  /// @param b (N, Cout, H, W)
  at::Tensor sum_with(const at::Tensor& input, const at::Tensor& b, const Rounding& rounding);

  /// The same with blocks added: see shuffled_sum().
  /// @param blocks (N, 4 Cout, H / 2, W / 2)
  at::Tensor sum_with_blocks(const at::Tensor& input, const at::Tensor& blocks,
                             const Rounding& rounding);

 private:
  at::Tensor pointwise(const at::Tensor& input, const at::Tensor& added, bool are_blocks,
                       const Rounding& rounding);
  at::Tensor depthwise(const at::Tensor& input);
  void check(const at::Tensor& input) const;
  void check_added(const at::Tensor& input, const at::Tensor& added) const;

  int64_t inputs_, outputs_, stride_;
  bool is_depthwise_;
  Rounding output_;
  std::optional<BytePointwiseKernel> pointwise_;
  std::optional<ByteDepthwiseKernel> depthwise_;
  std::optional<QuantizedConvolution> libtorch_;
};

}  // namespace cgan
