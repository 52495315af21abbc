#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

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

/// The numbers that the encoder knows, (255 y - 127) / 128 with y in 0..1, in the format of `gray`.
/// @param gray (N, 1, H, W), -1..1
torch::Tensor encoder_input(const torch::Tensor& gray);

/// Activations of the encoder at 1/2, 1/4, 1/8, 1/16 and 1/32 of the input's resolution.
using EncoderTaps = std::array<torch::Tensor, 5>;

/// Inverted bottleneck: 1x1 to six times the channels (left out where `expansion` is 1), depthwise
/// convolution, linear 1x1; the input is added where shape allows. (N, Cin, H, W) ->
/// (N, Cout, H/stride, W/stride).
class InvertedBottleneckImpl : public torch::nn::Module {
 public:
  explicit InvertedBottleneckImpl(const BottleneckShape& shape);
  torch::Tensor forward(const torch::Tensor& input);

 private:
  BottleneckShape shape_;
  torch::nn::Conv2d expand_{nullptr}, depthwise_{nullptr}, project_{nullptr};
};
TORCH_MODULE(InvertedBottleneck);

/// The convolutions of an EfficientNet-Lite (Tan and Le, ICML 2019; the Lite variants of Google's
/// repository: ReLU6, no squeeze-and-excitation) without its head of 1280 channels and its
/// classifier. Batch norm is already folded into the convolutions, so that training and inference
/// mode are one. training/encoder_weights.py makes its weights. Trainable numbers: Lite0 2,938,544,
/// Lite2 4,329,608.
class EfficientNetLiteEncoderImpl : public torch::nn::Module {
 public:
  explicit EfficientNetLiteEncoderImpl(EfficientNetLite variant);

  /// @param gray (N, 1, H, W), -1..1, H and W multiples of kEncoderMultiple. The weights of the
  ///   first layer are the sum over three equal channels.
  /// @return (N, encoder_shape(variant).channels[i], H/2^(i+1), W/2^(i+1)), in
  ///   training_format().
  EncoderTaps forward(const torch::Tensor& gray);

 private:
  torch::nn::Conv2d stem_{nullptr};
  std::vector<InvertedBottleneck> blocks_;
  std::array<size_t, 5> taps_;
};
TORCH_MODULE(EfficientNetLiteEncoder);

}  // namespace cgan
