#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include "model/networks/discriminator_options.h"

namespace cgan {

/// Says of each patch of a picture whether its colours are the original's (PatchGAN: Isola et al.,
/// CVPR 2017): four convolutions k4 s2 with LeakyReLU, then 3x3 to one logit for every 16x16
/// pixels, each of which sees 78x78. No norm: the trainer divides the weights by their spectral
/// norm. 1,711,041 trainable numbers with the default options.
class PatchDiscriminatorImpl : public torch::nn::Module {
 public:
  /// @throws std::invalid_argument where an option is outside its range.
  explicit PatchDiscriminatorImpl(const PatchDiscriminatorOptions& options = {});

  /// @param gray (N, 1, H, W), -1..1, H and W multiples of 16
  /// @param colour (N, 3, H, W), RGB, -1..1
  /// @return (N, H W / 256), logits, row by row.
  torch::Tensor forward(const torch::Tensor& gray, const torch::Tensor& colour);

  const PatchDiscriminatorOptions& options() const { return options_; }

 private:
  PatchDiscriminatorOptions options_;
  torch::nn::Conv2d c1_{nullptr}, c2_{nullptr}, c3_{nullptr}, c4_{nullptr}, out_{nullptr};
};
TORCH_MODULE(PatchDiscriminator);

}  // namespace cgan
