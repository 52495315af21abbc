#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/inference/feature_map.h"
#include "model/inference/frozen_convolution.h"
#include "model/inference/weight_folding.h"

/// Layers in float32 on the CPU: weights in the order in which kernels.h reads them, rows shared
/// out over the threads of a pool. Results do not depend on their number, and in the last digits on
/// the instruction set.
namespace cgan {

/// What outputs are clipped to.
struct ClipRange {
  explicit ClipRange(Activation activation);
  float low, high;
};

/// A convolution of 1x1 or 3x3 with zeros around, on request with a sum behind it.
/// Thread-safety: const after construction.
class FloatConvolution {
 public:
  /// @param convolution (outputs, inputs, K, K), K 1 or 3, and (outputs) or none, float32
  /// @param activation of the sum, where something is added
  FloatConvolution(const Convolution& convolution, Activation activation, const Kernels& kernels);

  int64_t outputs() const { return outputs_; }
  /// Numbers of bias(), zeros behind the last output included.
  int64_t columns() const { return static_cast<int64_t>(bias_.size()); }
  const float* bias() const { return bias_.data(); }

  /// @param in (height, width, inputs), of a 3x3 kernel with a border of zeros
  /// @param out (height, width, outputs), written
  /// @param bias (columns()) in place of the convolution's; null: that
  void run(const FeatureMap<float>& in, const FeatureMap<float>& out, WorkerPool& pool,
           const AddedMap<float>& added = {}, const float* bias = nullptr) const;

 private:
  const Kernels& kernels_;
  ClipRange clip_;
  int64_t inputs_, outputs_, side_;
  std::vector<float> weights_;  ///< (panel, tap, input, column)
  std::vector<float> bias_;     ///< (panel, column)
};

/// A depthwise convolution with ReLU6 behind it. Thread-safety: const after construction.
class FloatDepthwise {
 public:
  /// @param convolution (channels, 1, K, K), K 3 or 5, and (channels) or none, float32; channels a
  ///   multiple of 16
  /// @param stride 1, or 2 with the padding of TensorFlow's SAME for even sides
  FloatDepthwise(const Convolution& convolution, int64_t stride, const Kernels& kernels);

  /// @param in (height, width, channels), contiguous; sides are multiples of the stride
  /// @param out (height / stride, width / stride, channels), contiguous, written
  void run(const FeatureMap<float>& in, const FeatureMap<float>& out, WorkerPool& pool) const;

 private:
  const Kernels& kernels_;
  int64_t channels_, side_, stride_;
  std::vector<float> taps_, bias_;
};

/// The first layer, 3x3 at stride 2 on luma. Thread-safety: const after construction.
class FloatStem {
 public:
  /// @param convolution (outputs, 1, 3, 3) and (outputs) or none, float32, outputs a multiple of 16
  FloatStem(const Convolution& convolution, const Kernels& kernels);

  int64_t outputs() const { return static_cast<int64_t>(bias_.size()); }
  /// @param in (2 height + 1, 2 width + 1, 1), its last row and column zeros
  /// @param out (height, width, outputs), contiguous, written
  void run(const FeatureMap<float>& in, const FeatureMap<float>& out, WorkerPool& pool) const;

 private:
  const Kernels& kernels_;
  std::vector<float> taps_, bias_;
};

/// The last layer: 3x3 to Cb and Cr, tanh(sum) / 2. Thread-safety: const after construction.
class ChromaLayer {
 public:
  /// @param convolution (2, inputs, 3, 3) and (2) or none, float32
  ChromaLayer(const Convolution& convolution, const Kernels& kernels);

  /// @param in (height, width, inputs), contiguous
  /// @param chroma (2, height, width), written
  void run(const FeatureMap<float>& in, float* chroma, WorkerPool& pool) const;

 private:
  const Kernels& kernels_;
  int64_t inputs_;
  std::vector<float> taps_;  ///< (3, 3, output, input)
  std::array<float, 2> bias_ = {};
};

/// (channels): means over the picture.
void picture_means(const FeatureMap<float>& map, float* means);

}  // namespace cgan
