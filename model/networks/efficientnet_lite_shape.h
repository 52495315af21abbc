#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What an encoder is made of, as numbers alone: no LibTorch.
namespace cgan {

/// The networks of Google's EfficientNet-Lite that an encoder may be taken from: by size.
enum class EfficientNetLite { k0, k2 };
/// "efficientnet-lite0" or "efficientnet-lite2".
const char* to_string(EfficientNetLite variant);
/// @throws std::invalid_argument for another name
EfficientNetLite efficientnet_lite_from_string(const std::string& name);

/// Sides of the encoder's input are multiples of this (five halvings).
constexpr int64_t kEncoderMultiple = 32;

/// Shape of an inverted bottleneck.
struct BottleneckShape {
  int64_t in_channels, out_channels;
  int64_t kernel;     ///< Of the depthwise convolution: 3 or 5.
  int64_t stride;     ///< 1, or 2 with the padding of TensorFlow's SAME for even sides.
  int64_t expansion;  ///< 1: there is no "expand".
  int64_t wide() const { return in_channels * expansion; }
  bool residual() const { return stride == 1 && in_channels == out_channels; }
};

/// What an encoder is made of.
struct EncoderShape {
  std::vector<BottleneckShape> blocks;  ///< In their order.
  std::array<size_t, 5> taps;           ///< Blocks whose outputs are handed on: the last of each
                                        ///< resolution, 1/2 to 1/32.
  std::array<int64_t, 5> channels;      ///< Of these outputs.
};
EncoderShape encoder_shape(EfficientNetLite variant);

/// The convolution before the blocks: 3x3, stride 2.
constexpr int64_t kStemChannels = 32, kStemKernel = 3;

}  // namespace cgan
