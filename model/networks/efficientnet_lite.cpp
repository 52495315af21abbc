#include "model/networks/efficientnet_lite.h"

#include <c10/core/GradMode.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/options/conv.h>

#include "model/kernels/same_padding.h"
#include "model/networks/blocks.h"

namespace cgan {
namespace {

// Neither a convolution's gradient nor that of ReLU6 needs what ReLU6 overwrites.
torch::Tensor relu6_in_place(torch::Tensor x) {
  return torch::hardtanh_(x, 0, 6);
}

torch::Tensor pad_for_stride_2(const torch::Tensor& x, int64_t kernel) {
  const SamePadding padding(kernel, 2);
  return torch::constant_pad_nd(x, {padding.before, padding.after, padding.before, padding.after});
}

}  // namespace

InvertedBottleneckImpl::InvertedBottleneckImpl(const BottleneckShape& shape) : shape_(shape) {
  const int64_t wide = shape.wide();
  if (shape.expansion != 1)
    expand_ = register_module(
        "expand", torch::nn::Conv2d(torch::nn::Conv2dOptions(shape.in_channels, wide, 1)));
  depthwise_ = register_module(
      "depthwise", torch::nn::Conv2d(torch::nn::Conv2dOptions(wide, wide, shape.kernel)
                                         .stride(shape.stride)
                                         .padding(shape.stride == 1 ? shape.kernel / 2 : 0)
                                         .groups(wide)));
  project_ = register_module(
      "project", torch::nn::Conv2d(torch::nn::Conv2dOptions(wide, shape.out_channels, 1)));
}

torch::Tensor InvertedBottleneckImpl::forward(const torch::Tensor& input) {
  auto x = expand_ ? relu6_in_place(expand_(input)) : input;
  if (shape_.stride == 2) x = pad_for_stride_2(x, shape_.kernel);
  x = project_(relu6_in_place(depthwise_(x)));
  return shape_.residual() ? x.add_(input) : x;
}

EfficientNetLiteEncoderImpl::EfficientNetLiteEncoderImpl(EfficientNetLite variant) {
  const auto shape = encoder_shape(variant);
  taps_ = shape.taps;
  stem_ = register_module(
      "stem", torch::nn::Conv2d(torch::nn::Conv2dOptions(1, kStemChannels, kStemKernel).stride(2)));
  const auto list = register_module("blocks", torch::nn::ModuleList());
  for (const auto& block : shape.blocks) {
    blocks_.emplace_back(block);
    list->push_back(blocks_.back());
  }
  store_in_training_format(*this);
}

EncoderTaps EfficientNetLiteEncoderImpl::forward(const torch::Tensor& gray, size_t frozen) {
  const bool graph = c10::GradMode::is_enabled();
  c10::AutoGradMode mode(graph && frozen == 0);
  // The zeros of the padding are zeros of the scaled input: scaled here, not in the weights.
  auto x =
      relu6_in_place(stem_(pad_for_stride_2(encoder_input(in_training_format(gray)), kStemKernel)));
  EncoderTaps taps;
  size_t tap = 0;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    c10::GradMode::set_enabled(graph && tap >= frozen);
    x = blocks_[i](x);
    if (i == taps_[tap]) taps[tap++] = x;
  }
  return taps;
}

}  // namespace cgan
