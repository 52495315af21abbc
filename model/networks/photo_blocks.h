#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <vector>

/// The decoder's layers of the photo generator. No convolution before a batch norm has a bias: the
/// norm would take it away.
namespace cgan {

/// Where the decoder begins: of every pixel what the encoder saw there, of the whole picture its
/// mean, of the caller how vivid the colours shall be; batch norm, ReLU.
class PhotoBottleneckImpl : public torch::nn::Module {
 public:
  PhotoBottleneckImpl(int64_t in_channels, int64_t out_channels);
  /// @param input (N, Cin, H, W)
  /// @param vividness (N), -1..1, or undefined: zeros.
  /// @return (N, Cout, H, W)
  torch::Tensor forward(const torch::Tensor& input, const torch::Tensor& vividness);

 private:
  torch::nn::Conv2d conv_{nullptr};
  torch::nn::Linear global_{nullptr}, vividness_{nullptr};  ///< Vividness starts without effect.
  torch::nn::BatchNorm2d norm_{nullptr};
};
TORCH_MODULE(PhotoBottleneck);

/// Transposed convolution k2 s2, concatenation with activations of the encoder, 1x1, batch norm,
/// ReLU, then a residual block of two 3x3 convolutions.
class PhotoUpBlockImpl : public torch::nn::Module {
 public:
  /// @param skip_channels channels of all skips together
  PhotoUpBlockImpl(int64_t in_channels, int64_t skip_channels, int64_t out_channels);
  /// @param input (N, Cin, H, W)
  /// @param skips each (N, *, 2H, 2W)
  /// @return (N, Cout, 2H, 2W)
  torch::Tensor forward(const torch::Tensor& input, const std::vector<torch::Tensor>& skips);

 private:
  torch::Tensor up_;  ///< (Cin, Cout, 2, 2)
  torch::nn::Conv2d merge_{nullptr}, conv1_{nullptr}, conv2_{nullptr};
  torch::nn::BatchNorm2d merge_norm_{nullptr}, norm1_{nullptr}, norm2_{nullptr};
};
TORCH_MODULE(PhotoUpBlock);

}  // namespace cgan
