#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <array>
#include <cstdint>

#include "model/networks/efficientnet_lite.h"
#include "model/networks/generator_options.h"
#include "model/networks/photo_blocks.h"

namespace cgan {

/// Masks that drop whole channels of what the encoder hands on ("spatial dropout", Tompson et al.,
/// CVPR 2015): a small set of photographs is not learned by heart. Each (N, C of
/// tap i, 1, 1), 0 or 1 / (1 - p); undefined: nothing is dropped.
using PhotoDropout = std::array<torch::Tensor, 5>;

/// Draws masks, float32, on the CPU; those of picture k depend on seed and k only.
/// @param probability that a channel is dropped, in [0, 1)
/// @param channels of the taps
PhotoDropout draw_photo_dropout(double probability, int64_t count,
                                const std::array<int64_t, 5>& channels, uint64_t seed);

/// U-Net for photographs and film: an EfficientNet-Lite as the encoder, which brings knowledge of
/// scenes along, and a decoder to chroma at half the resolution. Fully convolutional but for the
/// mean over the whole picture that the bottleneck adds to every pixel. With the default
/// options (the shipped weights have the larger encoder) 4,146,514 trainable numbers, of which
/// 2,938,544 are the encoder's; their names begin with "encoder.".
class PhotoGeneratorImpl : public torch::nn::Module {
 public:
  /// @throws std::invalid_argument where an option is outside its range.
  explicit PhotoGeneratorImpl(const PhotoGeneratorOptions& options = {});

  /// @param gray (N, 1, H, W), -1..1, H and W multiples of 32, not necessarily equal.
  /// @param vividness (N), -1 muted, 0 average or unknown, 1 vivid; undefined: zeros.
  /// @param dropout for training
  /// @param features where given, receives the bottleneck's activation averaged over the picture,
  ///   (N, widths[0]), on which training hangs an auxiliary task.
  /// @return (N, 2, H/2, W/2): Cb and Cr of BT.601, -0.5..0.5.
  torch::Tensor forward(const torch::Tensor& gray, const torch::Tensor& vividness = torch::Tensor(),
                        const PhotoDropout& dropout = {}, torch::Tensor* features = nullptr);

  /// What is frozen of the encoder runs without graph: it costs no backward pass, its parameters
  /// receive no gradient, and none flows to `gray` through it. Nothing is at first.
  /// @param taps 0..5, so many from the finest on, with all that they are made of; 5: the encoder
  void set_frozen_taps(size_t taps) { frozen_taps_ = taps; }

  EfficientNetLiteEncoder& encoder() { return encoder_; }
  const PhotoGeneratorOptions& options() const { return options_; }

 private:
  PhotoGeneratorOptions options_;
  size_t frozen_taps_ = 0;
  EfficientNetLiteEncoder encoder_{nullptr};
  PhotoBottleneck bottleneck_{nullptr};
  PhotoUpBlock d1_{nullptr}, d2_{nullptr}, d3_{nullptr}, d4_{nullptr};
  torch::nn::Conv2d out_{nullptr};
};
TORCH_MODULE(PhotoGenerator);

}  // namespace cgan
