#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <cstdint>

#include "model/networks/encoder_input.h"
#include "model/networks/generator_options.h"

namespace cgan {

/// The format in which a device trains fastest: channels_last on the CPU; on a CUDA card, whose
/// depthwise convolutions in float32 are slow in it, contiguous (twice as fast on an H200).
torch::MemoryFormat training_format(torch::Device device);

/// Lays the weights of a network's convolutions in the format of its device, that of its
/// activations. In channels_last those of kernel and stride 2 are matrices over 2x2 blocks, without
/// a copy.
void store_in_training_format(torch::nn::Module& network);

/// (N, 1, H, W) in the format of its device.
torch::Tensor in_training_format(const torch::Tensor& one_channel);

/// LeakyReLU(BatchNorm(input)), fused where training runs on the CPU in float32.
/// @param input (N, C, H, W)
/// @param slope of LeakyReLU for negative values: 0 is ReLU, 1 leaves batch norm alone.
/// @return (N, C, H, W)
torch::Tensor norm_leaky_relu(torch::nn::BatchNorm2dImpl& norm, const torch::Tensor& input,
                              double slope);

/// Transposed convolution of kernel 2 and stride 2, computed as a 1x1 convolution to 4C channels
/// followed by a shuffle: the same numbers, two to five times faster in LibTorch 1.13, whose
/// transposed convolution does not use oneDNN.
/// @param input (N, Cin, H, W)
/// @param weight (Cin, Cout, 2, 2), the order of torch::nn::ConvTranspose2d
/// @param bias (Cout), added after the shuffle, or undefined
/// @return (N, Cout, 2H, 2W)
torch::Tensor transposed_conv2x2(const torch::Tensor& input, const torch::Tensor& weight,
                                 const torch::Tensor& bias);

/// Convolution k2 s2, optional batch norm, LeakyReLU: (N, Cin, H, W) -> (N, Cout, H/2, W/2).
class DownBlockImpl : public torch::nn::Module {
 public:
  DownBlockImpl(int64_t in_channels, int64_t out_channels, bool batch_norm);
  torch::Tensor forward(const torch::Tensor& input);

 private:
  torch::nn::Conv2d conv_{nullptr};
  torch::nn::BatchNorm2d norm_{nullptr};
};
TORCH_MODULE(DownBlock);

/// Doubles the resolution, batch norm, LeakyReLU, dropout by a given mask, then concatenates the
/// encoder's activation: (N, Cin, H, W), skip (N, Cs, 2H, 2W) -> (N, Cout + Cs, 2H, 2W).
class UpBlockImpl : public torch::nn::Module {
 public:
  UpBlockImpl(int64_t in_channels, int64_t out_channels, Upsampling upsampling);
  /// @param mask (N or 1, Cout, 2H, 2W) or undefined: nothing is dropped.
  torch::Tensor forward(const torch::Tensor& input, const torch::Tensor& skip,
                        const torch::Tensor& mask);

 private:
  Upsampling upsampling_;
  torch::Tensor weight_;  ///< (Cin, Cout, 2, 2) transposed; (4 Cout, Cin, 3, 3) sub-pixel
  torch::Tensor bias_;    ///< (Cout) transposed; (4 Cout) sub-pixel
  torch::nn::BatchNorm2d norm_{nullptr};
};
TORCH_MODULE(UpBlock);

}  // namespace cgan
