#pragma once

#include <array>
#include <cstdint>
#include <vector>

/// Convolutions in float32 whose cost is memory and overhead rather than arithmetic: LibTorch 1.13
/// reorders the weights of a 1x1 convolution at every call and reaches a fifth of the processor's
/// speed in a depthwise one. Pixels by channels ("NHWC"), rows shared out over LibTorch's threads;
/// results do not depend on their number, and in the last digits on the processor's vectors.
namespace cgan {

/// Floats in the widest vectors of this processor that the kernels are compiled for: 4, 8 or 16.
int64_t vector_lanes();

/// What the output is clipped to: an activation.
struct Clip {
  float low, high;
};

/// A 1x1 convolution, its weights in the order in which they are read.
/// Thread-safety: const after construction.
class PointwiseKernel {
 public:
  /// @param weight (outputs, inputs)
  /// @param bias (outputs), or null: none
  /// @param lanes 4, 8 or 16, at most vector_lanes()
  PointwiseKernel(const float* weight, const float* bias, int64_t outputs, int64_t inputs,
                  int64_t lanes = vector_lanes());

  /// @param in (pixels, inputs)
  /// @param out (pixels, outputs), written
  void run(const float* in, int64_t pixels, Clip clip, float* out) const;

 private:
  int64_t inputs_, outputs_, lanes_;
  std::vector<float> panels_;  ///< (panel, input, column): columns of zeros behind the last output
  std::vector<float> bias_;    ///< (panel, column)
};

/// A 3x3 convolution to two outputs, with zeros around: too few to fill the vectors of LibTorch's
/// convolution, which takes three times as long. Vectors are of inputs here.
/// Thread-safety: const after construction.
class ChromaKernel {
 public:
  static constexpr int64_t kOutputs = 2, kSide = 3, kInputMultiple = 16;

  /// @param weight (2, inputs, 3, 3)
  /// @param bias (2), or null: none
  /// @param inputs a multiple of kInputMultiple
  /// @param lanes as for PointwiseKernel
  ChromaKernel(const float* weight, const float* bias, int64_t inputs,
               int64_t lanes = vector_lanes());

  /// @param in (height, width, inputs)
  /// @param out (height, width, 2), written
  void run(const float* in, int64_t height, int64_t width, float* out) const;

 private:
  int64_t inputs_, lanes_;
  std::vector<float> taps_;  ///< (3, 3, output, input)
  std::array<float, kOutputs> bias_ = {};
};

/// A depthwise convolution of stride 1 or 2 with TensorFlow's SAME padding of even sides.
/// Thread-safety: const after construction.
class DepthwiseKernel {
 public:
  static constexpr int64_t kChannelMultiple = 16;

  /// @param weight (channels, kernel, kernel)
  /// @param bias (channels), or null: none
  /// @param channels a multiple of kChannelMultiple
  /// @param kernel 3 or 5 @param stride 1 or 2
  /// @param lanes as for PointwiseKernel
  DepthwiseKernel(const float* weight, const float* bias, int64_t channels, int64_t kernel,
                  int64_t stride, int64_t lanes = vector_lanes());

  /// @param in (height, width, channels) @param height, width multiples of the stride
  /// @param out (height / stride, width / stride, channels), written
  void run(const float* in, int64_t height, int64_t width, Clip clip, float* out) const;

 private:
  int64_t channels_, kernel_, stride_, lanes_;
  std::vector<float> taps_;  ///< (kernel, kernel, channels)
  std::vector<float> bias_;
};

}  // namespace cgan
