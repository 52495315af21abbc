#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/inference/feature_map.h"
#include "model/inference/int8/quant_params.h"
#include "model/inference/weight_folding.h"

/// Layers in int8 on the CPU: activations are quantized per tensor, weights symmetrically per
/// output channel ("per-channel"), sums are exact, and are requantized to the output's codes in
/// float32. Weights lie in the order in which kernels.h reads them, rows are shared out over the
/// threads of a pool: every number of threads gives the same codes.
namespace cgan {

/// A convolution of 1x1 or 3x3, on request with a sum behind it, which alone is rounded.
/// Thread-safety: const after construction.
class QuantizedConvolution {
 public:
  /// @param convolution (outputs, inputs, K, K), K 1 or 3, and (outputs) or none, float32
  /// @param output of the sum where something is added; none: the output is float32, with ReLU
  /// @param added of what is added; none: nothing is
  QuantizedConvolution(const Convolution& convolution, const QuantParams& input,
                       const std::optional<QuantParams>& output,
                       const std::optional<QuantParams>& added, const Kernels& kernels);

  int64_t outputs() const { return outputs_; }
  /// Numbers of offsets, those behind the last output included.
  int64_t columns() const { return static_cast<int64_t>(offsets_.size()); }
  /// The offsets where `bias`, (outputs), is added to the convolution's.
  /// @param offsets (columns()), written
  void offsets_with(const float* bias, float* offsets) const;

  /// @param in (height, width, inputs), of a 3x3 kernel with a border of its zero point
  /// @param out (height, width, outputs), written
  /// @param offsets see offsets_with(); null: those of the convolution alone
  void run(const FeatureMap<uint8_t>& in, const FeatureMap<uint8_t>& out, WorkerPool& pool,
           const AddedMap<uint8_t>& added = {}, const float* offsets = nullptr) const;
  /// The same where there is no `output`.
  void run(const FeatureMap<uint8_t>& in, const FeatureMap<float>& out, WorkerPool& pool,
           const AddedMap<uint8_t>& added = {}) const;

 private:
  template <typename Sample, typename Run>
  void run_panels(const FeatureMap<uint8_t>& in, const FeatureMap<Sample>& out, WorkerPool& pool,
                  const AddedMap<uint8_t>& added, const float* offsets, Run run_panel) const;

  const Kernels& kernels_;
  int64_t inputs_, outputs_, side_;
  double output_scale_;
  float added_factor_ = 0;
  std::vector<int8_t> weights_;           ///< (panel, tap, group of inputs, column, input)
  std::vector<float> factors_, offsets_;  ///< (panel, column)
};

/// A depthwise convolution. Its weights are rounded to 16 bits: two taps are multiplied at a time.
/// Thread-safety: const after construction.
class QuantizedDepthwise {
 public:
  /// @param convolution (channels, 1, K, K), K 3 or 5, and (channels) or none, float32; at least
  ///   twice the lanes of the kernels
  /// @param input whose zero point is 0, as after ReLU
  /// @param stride 1, or 2 with the padding of TensorFlow's SAME for even sides
  QuantizedDepthwise(const Convolution& convolution, const QuantParams& input,
                     const QuantParams& output, int64_t stride, const Kernels& kernels);

  /// @param in (height, width, channels), contiguous; sides are multiples of the stride
  /// @param out (height / stride, width / stride, channels), contiguous, written
  void run(const FeatureMap<uint8_t>& in, const FeatureMap<uint8_t>& out, WorkerPool& pool) const;

 private:
  const Kernels& kernels_;
  int64_t channels_, side_, stride_, block_;
  std::vector<int16_t> taps_;             ///< (block, pair of rows, column, half, channel, row)
  std::vector<float> factors_, offsets_;  ///< (block, half, channel)
};

/// The first layer, 3x3 at stride 2 on luma in float32, with ReLU6 behind it.
/// Thread-safety: const after construction.
class QuantizedStem {
 public:
  /// @param convolution (outputs, 1, 3, 3) and (outputs) or none, float32, outputs a multiple of 16
  QuantizedStem(const Convolution& convolution, const QuantParams& output, const Kernels& kernels);

  int64_t outputs() const { return static_cast<int64_t>(bias_.size()); }
  /// @param in (2 height + 1, 2 width + 1, 1), its last row and column zeros
  /// @param out (height, width, outputs), contiguous, written
  void run(const FeatureMap<float>& in, const FeatureMap<uint8_t>& out, WorkerPool& pool) const;

 private:
  const Kernels& kernels_;
  std::vector<float> taps_, bias_;  ///< In codes of the output.
};

/// (channels), numbers: means over the picture.
void picture_means(const FeatureMap<uint8_t>& map, const QuantParams& params, float* means);

}  // namespace cgan
