#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/native/quantized/PackedParams.h>

#include <array>
#include <cstdint>

#include "model/inference/int8/activation_ranges.h"
#include "model/inference/weight_folding.h"

/// Convolutions of bytes, by LibTorch's oneDNN: activations are quint8 with one scale for a tensor,
/// weights int8 with one for each output, sums exact.
namespace cgan {

/// How numbers become bytes: number = scale * (byte - zero).
struct Rounding {
  explicit Rounding(const ActivationRange& range);
  double scale;
  int64_t zero;  ///< 0..255
};

/// A convolution and the rounding of what it puts out. Where the range begins at 0, clipping there
/// is ReLU.
/// Thread-safety: one thread at a time.
class QuantizedConvolution {
 public:
  /// @param convolution float32, CPU: (Cout, Cin / groups, K, K) and (Cout) or none
  /// @param padding zeros on each side
  QuantizedConvolution(const Convolution& convolution, const ActivationRange& output,
                       int64_t stride = 1, int64_t padding = 0, int64_t groups = 1);

  /// With TensorFlow's SAME padding for even sides.
  /// @param convolution K odd
  /// @param stride 1 or 2
  static QuantizedConvolution padded_same(const Convolution& convolution,
                                          const ActivationRange& output, int64_t stride,
                                          int64_t groups);

  /// Fast for two heights and widths in turn, and for the batch that came first with them: weights
  /// are packed for each, in less than 0.1 ms.
  /// @param input quint8, channels_last
  /// @return quint8, channels_last
  at::Tensor operator()(const at::Tensor& input);

 private:
  using Packed = c10::intrusive_ptr<ConvPackedParamsBase<2>>;
  Packed pack() const;

  at::Tensor weight_;  ///< qint8
  at::Tensor bias_;
  Rounding output_;
  int64_t stride_, padding_, groups_;
  struct Prepared {
    std::array<int64_t, 3> size = {};  ///< Height, width and threads.
    Packed packed;
  };
  std::array<Prepared, 2> prepared_;  ///< The one used last first: tiles and the coarse look at all
                                      ///< of them take turns.
};

}  // namespace cgan
