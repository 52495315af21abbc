#include "model/networks/photo_blocks.h"

#include <torch/nn/init.h>
#include <torch/nn/options/conv.h>
#include <torch/nn/options/linear.h>

#include <cmath>

#include "model/networks/blocks.h"

namespace cgan {
namespace {

constexpr double kRelu = 0, kLinear = 1;  // slopes of LeakyReLU

torch::nn::Conv2d convolution(int64_t in_channels, int64_t out_channels, int64_t kernel) {
  return torch::nn::Conv2d(
      torch::nn::Conv2dOptions(in_channels, out_channels, kernel).padding(kernel / 2).bias(false));
}

torch::nn::Linear dense(int64_t inputs, int64_t outputs) {
  return torch::nn::Linear(torch::nn::LinearOptions(inputs, outputs).bias(false));
}

}  // namespace

PhotoBottleneckImpl::PhotoBottleneckImpl(int64_t in_channels, int64_t out_channels) {
  conv_ = register_module("conv", convolution(in_channels, out_channels, 1));
  global_ = register_module("global", dense(in_channels, out_channels));
  vividness_ = register_module("vividness", dense(1, out_channels));
  norm_ = register_module("norm", torch::nn::BatchNorm2d(out_channels));
  torch::nn::init::zeros_(vividness_->weight);
}

torch::Tensor PhotoBottleneckImpl::forward(const torch::Tensor& input,
                                           const torch::Tensor& vividness) {
  auto whole = global_(input.mean({2, 3}));
  if (vividness.defined()) whole = whole + vividness_(vividness.view({-1, 1}));
  return norm_leaky_relu(*norm_, conv_(input) + whole.view({whole.size(0), -1, 1, 1}), kRelu);
}

PhotoUpBlockImpl::PhotoUpBlockImpl(int64_t in_channels, int64_t skip_channels,
                                   int64_t out_channels) {
  up_ = register_parameter("up", torch::empty({in_channels, out_channels, 2, 2}));
  torch::nn::init::kaiming_uniform_(up_, std::sqrt(5.0));  // as torch::nn::ConvTranspose2d
  merge_ = register_module("merge", convolution(out_channels + skip_channels, out_channels, 1));
  merge_norm_ = register_module("merge_norm", torch::nn::BatchNorm2d(out_channels));
  conv1_ = register_module("conv1", convolution(out_channels, out_channels, 3));
  norm1_ = register_module("norm1", torch::nn::BatchNorm2d(out_channels));
  conv2_ = register_module("conv2", convolution(out_channels, out_channels, 3));
  norm2_ = register_module("norm2", torch::nn::BatchNorm2d(out_channels));
}

torch::Tensor PhotoUpBlockImpl::forward(const torch::Tensor& input,
                                        const std::vector<torch::Tensor>& skips) {
  std::vector<torch::Tensor> joined = {transposed_conv2x2(input, up_, torch::Tensor())};
  joined.insert(joined.end(), skips.begin(), skips.end());
  const auto x = norm_leaky_relu(*merge_norm_, merge_(torch::cat(joined, 1)), kRelu);
  const auto y = norm_leaky_relu(*norm1_, conv1_(x), kRelu);
  return torch::relu(x + norm_leaky_relu(*norm2_, conv2_(y), kLinear));
}

}  // namespace cgan
