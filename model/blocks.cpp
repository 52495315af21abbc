#include "model/blocks.h"

#include <torch/nn/functional.h>
#include <torch/nn/init.h>
#include <torch/nn/options/conv.h>

#include <cmath>
#include <stdexcept>

namespace cgan {

const char* to_string(Upsampling upsampling) {
  return upsampling == Upsampling::kTransposed ? "transposed" : "subpixel";
}

Upsampling upsampling_from_string(const std::string& name) {
  if (name == "transposed") return Upsampling::kTransposed;
  if (name == "subpixel") return Upsampling::kSubpixel;
  throw std::invalid_argument("upsampling is 'transposed' or 'subpixel', not '" + name + "'");
}

torch::Tensor transposed_conv2x2(const torch::Tensor& input, const torch::Tensor& weight,
                                 const torch::Tensor& bias) {
  const int64_t in_channels = weight.size(0), out_channels = weight.size(1);
  // pixel_shuffle takes channel 4 c + 2 y + x of a pixel to channel c at (y, x) of its 2x2 block.
  const auto as_1x1 = weight.permute({1, 2, 3, 0}).reshape({4 * out_channels, in_channels, 1, 1});
  return torch::pixel_shuffle(torch::conv2d(input, as_1x1), 2) + bias.view({1, -1, 1, 1});
}

DownBlockImpl::DownBlockImpl(int64_t in_channels, int64_t out_channels, bool batch_norm) {
  conv_ = register_module(
      "conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(in_channels, out_channels, 2).stride(2)));
  if (batch_norm) norm_ = register_module("norm", torch::nn::BatchNorm2d(out_channels));
}

torch::Tensor DownBlockImpl::forward(const torch::Tensor& input) {
  auto x = conv_(input);
  if (norm_) x = norm_(x);
  return torch::leaky_relu(x, kLeakySlope);
}

UpBlockImpl::UpBlockImpl(int64_t in_channels, int64_t out_channels, Upsampling upsampling)
    : upsampling_(upsampling) {
  const bool transposed = upsampling == Upsampling::kTransposed;
  weight_ = register_parameter("weight", transposed
                                             ? torch::empty({in_channels, out_channels, 2, 2})
                                             : torch::empty({4 * out_channels, in_channels, 3, 3}));
  bias_ = register_parameter("bias", torch::empty(transposed ? out_channels : 4 * out_channels));
  // The initialisation of torch::nn::ConvTranspose2d and Conv2d.
  torch::nn::init::kaiming_uniform_(weight_, std::sqrt(5.0));
  const double bound = 1.0 / std::sqrt(transposed ? 4.0 * out_channels : 9.0 * in_channels);
  torch::nn::init::uniform_(bias_, -bound, bound);
  norm_ = register_module("norm", torch::nn::BatchNorm2d(out_channels));
}

torch::Tensor UpBlockImpl::forward(const torch::Tensor& input, const torch::Tensor& skip,
                                   const torch::Tensor& mask) {
  auto x = upsampling_ == Upsampling::kTransposed
               ? transposed_conv2x2(input, weight_, bias_)
               : torch::pixel_shuffle(torch::conv2d(input, weight_, bias_, 1, 1), 2);
  x = torch::leaky_relu(norm_(x), kLeakySlope);
  if (mask.defined()) x = x * mask;
  return torch::cat({x, skip}, 1);
}

}  // namespace cgan
