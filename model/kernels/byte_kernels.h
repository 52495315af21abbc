#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/inference/int8/quantized_convolution.h"
#include "model/inference/weight_folding.h"

/// Convolutions of bytes for AVX-512 VNNI where oneDNN's leave the most: depthwise ones, of which
/// oneDNN multiplies one tap at a time and the kernel here two; and 1x1 ones, whose cost in narrow
/// networks is the call and what follows it. Pixels by channels ("NHWC"), shared out over
/// LibTorch's threads; results do not depend on their number.
namespace cgan {

/// Whether this processor has the instructions; without them no kernel must run.
bool byte_kernels_run_here();

/// What sums of products of codes are in codes of the output.
class OutputCodes {
 public:
  /// @param count of outputs
  explicit OutputCodes(int64_t count)
      : scales_(count, 0), sums_(count, 0), biases_(count, 0), factors_(count), offsets_(count) {}

  /// @param scale number of a unit of the weights
  /// @param sum of the weights, in such units
  /// @param bias as a number
  void set(int64_t output, double scale, double sum, double bias) {
    scales_[output] = scale;
    sums_[output] = sum;
    biases_[output] = bias;
  }

  /// For an input and an output of these roundings.
  void prepare(double in_scale, int64_t in_zero, const Rounding& output);
  /// A sum's code is factor * sum + offset.
  const float* factors() const { return factors_.data(); }
  const float* offsets() const { return offsets_.data(); }

 private:
  std::vector<double> scales_, sums_, biases_;
  std::array<double, 4> prepared_ = {};  ///< For which roundings.
  std::vector<float> factors_, offsets_;
};

/// Codes of a tensor, number = scale * (code - zero).
struct Codes {
  const uint8_t* bytes = nullptr;
  double scale = 1;
  int64_t zero = 0;
};

/// A depthwise convolution. Weights are rounded to 16 bits.
/// Thread-safety: one thread at a time.
class ByteDepthwiseKernel {
 public:
  static constexpr int64_t kLeastChannels = 32;  ///< Those of a vector.

  /// @param convolution (channels, 1, K, K), K 3 or 5, and (channels) or none, float32; at least
  ///   kLeastChannels
  /// @param stride 1, or 2 with the padding of TensorFlow's SAME for even sides
  ByteDepthwiseKernel(const Convolution& convolution, int64_t stride);

  /// @param in (height, width, channels), whose zero is 0 as after ReLU
  /// @param height, width multiples of the stride
  /// @param out (height / stride, width / stride, channels), written
  void run(const Codes& in, int64_t height, int64_t width, const Rounding& output, uint8_t* out);

 private:
  int64_t channels_, kernel_;
  [[maybe_unused]] int64_t stride_;
  std::vector<int16_t> taps_;   ///< (block of channels, pair of rows, column, half, channel, row)
  OutputCodes codes_;           ///< (block, half, channel)
  std::vector<uint8_t> zeros_;  ///< A row above or below the picture.
};

/// A 1x1 convolution, on request with a sum behind it. Weights are rounded to 8 bits.
/// Thread-safety: one thread at a time.
class BytePointwiseKernel {
 public:
  static constexpr int64_t kLeastInputs = 4;  ///< Which one instruction multiplies and adds.

  /// @param convolution (outputs, inputs, 1, 1) and (outputs) or none, float32; at least
  ///   kLeastInputs
  explicit BytePointwiseKernel(const Convolution& convolution);

  /// What is added to the outputs.
  struct Added {
    Codes codes;  ///< (pixels, outputs); no bytes: nothing is added
    /// 0, or: the codes are those of a picture of half the height and width, that wide, in whose
    /// pixels blocks of 2x2 lie, (row, column, output).
    int64_t blocks_across;
  };

  /// @param in (pixels, inputs)
  /// @param out (pixels, outputs), written
  void run(const Codes& in, int64_t pixels, const Added& added, const Rounding& output,
           uint8_t* out);

 private:
  int64_t inputs_, outputs_;
  std::vector<int8_t> taps_;  ///< (panel, group of four inputs, output, input)
  OutputCodes codes_;         ///< (output), of zeros behind the last one
};

}  // namespace cgan
