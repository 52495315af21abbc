#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include "model/networks/blocks.h"
#include "model/networks/discriminator_options.h"

namespace cgan {

/// Says whether the colours of a gray picture are the original's: four strided convolutions and
/// two dense layers. 954,305 trainable numbers with the default options.
class DiscriminatorImpl : public torch::nn::Module {
 public:
  /// @throws std::invalid_argument where an option is outside its range.
  explicit DiscriminatorImpl(const DiscriminatorOptions& options = {});

  /// @param gray (N, 1, tile, tile), -1..1
  /// @param colour (N, 3, tile, tile), RGB, -1..1
  /// @return (N), logits: sigmoid gives the probability of "original".
  torch::Tensor forward(const torch::Tensor& gray, const torch::Tensor& colour);

  const DiscriminatorOptions& options() const { return options_; }

 private:
  DiscriminatorOptions options_;
  DownBlock c1_{nullptr}, c2_{nullptr}, c3_{nullptr}, c4_{nullptr};
  torch::nn::Linear f1_{nullptr}, f2_{nullptr};
};
TORCH_MODULE(Discriminator);

}  // namespace cgan
