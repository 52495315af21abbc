#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>
#include <cstddef>
#include <vector>

#include "model/networks/efficientnet_lite_shape.h"
#include "model/networks/encoder_input.h"

namespace cgan {

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
  /// @param frozen so many of the taps, from the finest on, are made without graph, 0..5
  EncoderTaps forward(const torch::Tensor& gray, size_t frozen = 0);

 private:
  torch::nn::Conv2d stem_{nullptr};
  std::vector<InvertedBottleneck> blocks_;
  std::array<size_t, 5> taps_;
};
TORCH_MODULE(EfficientNetLiteEncoder);

}  // namespace cgan
