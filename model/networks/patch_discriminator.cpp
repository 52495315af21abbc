#include "model/networks/patch_discriminator.h"

#include <torch/nn/options/conv.h>

#include "model/networks/blocks.h"

namespace cgan {
namespace {

torch::nn::Conv2d halving(int64_t in_channels, int64_t out_channels) {
  return torch::nn::Conv2d(
      torch::nn::Conv2dOptions(in_channels, out_channels, 4).stride(2).padding(1));
}

}  // namespace

PatchDiscriminatorImpl::PatchDiscriminatorImpl(const PatchDiscriminatorOptions& options)
    : options_(options) {
  check(options);
  const auto& w = options.widths;
  c1_ = register_module("c1", halving(4, w[0]));
  c2_ = register_module("c2", halving(w[0], w[1]));
  c3_ = register_module("c3", halving(w[1], w[2]));
  c4_ = register_module("c4", halving(w[2], w[3]));
  out_ = register_module("out", torch::nn::Conv2d(torch::nn::Conv2dOptions(w[3], 1, 3).padding(1)));
  store_in_training_format(*this);
}

torch::Tensor PatchDiscriminatorImpl::forward(const torch::Tensor& gray,
                                              const torch::Tensor& colour) {
  auto x = torch::cat({gray, colour}, 1).contiguous(training_format(gray.device()));
  for (auto* layer : {&c1_, &c2_, &c3_, &c4_}) x = torch::leaky_relu((*layer)(x), kLeakySlope);
  return out_(x).flatten(1);
}

}  // namespace cgan
