#include "model/networks/blocks.h"

#include <torch/nn/functional.h>
#include <torch/nn/init.h>
#include <torch/nn/options/conv.h>

#include <cmath>

#include "model/networks/norm_activation.h"

namespace cgan {
namespace {

// (N, C, H, W) as (N, H, W, C), contiguous: free where the memory is channels_last.
torch::Tensor pixels_of(const torch::Tensor& tensor) {
  return tensor.permute({0, 2, 3, 1}).contiguous();
}

// The fused form serves training on the CPU; elsewhere LibTorch's own operators are as good.
bool is_fused(const torch::nn::BatchNorm2dImpl& norm, const torch::Tensor& input) {
  return norm.is_training() && input.is_cpu() && input.scalar_type() == torch::kFloat;
}

// As torch::nn::BatchNorm2d does: the variance without bias.
void update_running_statistics(torch::nn::BatchNorm2dImpl& norm, const NormResult& result,
                               int64_t pixels) {
  const double momentum = *norm.options.momentum();
  const double unbiased = pixels > 1 ? static_cast<double>(pixels) / (pixels - 1) : 1;
  torch::NoGradGuard no_grad;
  norm.running_mean.lerp_(result.mean, momentum);
  norm.running_var.lerp_(result.variance * unbiased, momentum);
}

}  // namespace

torch::MemoryFormat training_format(torch::Device device) {
  return device.is_cuda() ? torch::MemoryFormat::Contiguous : torch::MemoryFormat::ChannelsLast;
}

void store_in_training_format(torch::nn::Module& network) {
  for (auto& parameter : network.parameters())
    if (parameter.dim() == 4)
      parameter.set_data(parameter.detach().contiguous(training_format(parameter.device())));
}

torch::Tensor in_training_format(const torch::Tensor& one_channel) {
  const bool channels_last =
      training_format(one_channel.device()) == torch::MemoryFormat::ChannelsLast;
  return channels_last ? as_channels_last(one_channel) : one_channel.contiguous();
}

torch::Tensor norm_leaky_relu(torch::nn::BatchNorm2dImpl& norm, const torch::Tensor& input,
                              double slope) {
  if (!is_fused(norm, input)) {
    const auto x = norm.forward(input);
    return slope == 1 ? x : torch::leaky_relu(x, slope);
  }
  const auto pixels = pixels_of(input);
  const auto result =
      norm_leaky_relu(pixels.view({-1, input.size(1)}), torch::zeros_like(norm.bias), norm.weight,
                      norm.bias, norm.options.eps(), slope);
  update_running_statistics(norm, result, pixels.numel() / input.size(1));
  return result.value.view(pixels.sizes()).permute({0, 3, 1, 2});
}

torch::Tensor transposed_conv2x2(const torch::Tensor& input, const torch::Tensor& weight,
                                 const torch::Tensor& bias) {
  const int64_t in_channels = weight.size(0), out_channels = weight.size(1);
  // pixel_shuffle takes channel 4 c + 2 y + x of a pixel to channel c at (y, x) of its 2x2 block.
  const auto as_1x1 = weight.permute({1, 2, 3, 0}).reshape({4 * out_channels, in_channels, 1, 1});
  const auto shuffled = torch::pixel_shuffle(torch::conv2d(input, as_1x1), 2);
  return bias.defined() ? shuffled + bias.view({1, -1, 1, 1}) : shuffled;
}

DownBlockImpl::DownBlockImpl(int64_t in_channels, int64_t out_channels, bool batch_norm) {
  conv_ = register_module(
      "conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(in_channels, out_channels, 2).stride(2)));
  store_in_training_format(*this);
  if (batch_norm) norm_ = register_module("norm", torch::nn::BatchNorm2d(out_channels));
}

torch::Tensor DownBlockImpl::forward(const torch::Tensor& input) {
  if (!norm_ || !is_fused(*norm_, input)) {
    auto x = conv_(input);
    if (norm_) x = norm_(x);
    return torch::leaky_relu(x, kLeakySlope);
  }
  const int64_t count = input.size(0), height = input.size(2) / 2, width = input.size(3) / 2;
  const auto blocks = pixels_of(input)
                          .view({count, height, 2, width, 2, input.size(1)})
                          .permute({0, 1, 3, 2, 4, 5})
                          .reshape({count * height * width, 4 * input.size(1)});
  const auto& weight = conv_->weight;
  const auto matrix = weight.permute({0, 2, 3, 1}).reshape({weight.size(0), -1}).t();
  const auto result = norm_leaky_relu(torch::mm(blocks, matrix), conv_->bias, norm_->weight,
                                      norm_->bias, norm_->options.eps(), kLeakySlope);
  update_running_statistics(*norm_, result, blocks.size(0));
  return result.value.view({count, height, width, weight.size(0)}).permute({0, 3, 1, 2});
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
  store_in_training_format(*this);
  norm_ = register_module("norm", torch::nn::BatchNorm2d(out_channels));
}

torch::Tensor UpBlockImpl::forward(const torch::Tensor& input, const torch::Tensor& skip,
                                   const torch::Tensor& mask) {
  if (upsampling_ == Upsampling::kTransposed && is_fused(*norm_, input)) {
    const auto pixels = pixels_of(input);
    const auto matrix = weight_.permute({0, 2, 3, 1}).reshape({weight_.size(0), -1});
    const auto product = torch::mm(pixels.view({-1, weight_.size(0)}), matrix);
    const auto result = norm_leaky_relu_shuffle(product, bias_, norm_->weight, norm_->bias,
                                                mask.defined() ? pixels_of(mask) : torch::Tensor(),
                                                pixels_of(skip), norm_->options.eps(), kLeakySlope);
    update_running_statistics(*norm_, result, 4 * product.size(0));
    return result.value.permute({0, 3, 1, 2});
  }
  auto x = upsampling_ == Upsampling::kTransposed
               ? transposed_conv2x2(input, weight_, bias_)
               : torch::pixel_shuffle(torch::conv2d(input, weight_, bias_, 1, 1), 2);
  x = torch::leaky_relu(norm_(x), kLeakySlope);
  if (mask.defined()) x = x * mask;
  return torch::cat({x, skip}, 1);
}

}  // namespace cgan
