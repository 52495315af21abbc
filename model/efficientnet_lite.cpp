#include "model/efficientnet_lite.h"

#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/options/conv.h>

#include "model/blocks.h"

namespace cgan {
namespace {

constexpr int64_t kStemChannels = 32, kStemKernel = 3;

struct BlockGroup {
  int64_t count, kernel, stride, expansion, channels;  // the stride is that of the first block
};
constexpr BlockGroup kGroups[] = {{1, 3, 1, 1, 16}, {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40},
                                  {3, 3, 2, 6, 80}, {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192},
                                  {1, 3, 1, 6, 320}};

// Neither a convolution's gradient nor that of ReLU6 needs what ReLU6 overwrites.
torch::Tensor relu6_in_place(torch::Tensor x) {
  return torch::hardtanh_(x, 0, 6);
}

torch::Tensor pad_for_stride_2(const torch::Tensor& x, int64_t kernel) {
  const EvenPadding padding(kernel);
  return torch::constant_pad_nd(x, {padding.before, padding.after, padding.before, padding.after});
}

}  // namespace

std::vector<BottleneckShape> encoder_blocks() {
  std::vector<BottleneckShape> shapes;
  int64_t channels = kStemChannels;
  for (const auto& group : kGroups)
    for (int64_t i = 0; i < group.count; ++i) {
      shapes.push_back(
          {channels, group.channels, group.kernel, i == 0 ? group.stride : 1, group.expansion});
      channels = group.channels;
    }
  return shapes;
}

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

torch::Tensor encoder_input(const torch::Tensor& gray) {
  return as_channels_last(gray) * (127.5 / 128) + 0.5 / 128;
}

EfficientNetLite0EncoderImpl::EfficientNetLite0EncoderImpl() {
  stem_ = register_module(
      "stem", torch::nn::Conv2d(torch::nn::Conv2dOptions(1, kStemChannels, kStemKernel).stride(2)));
  const auto list = register_module("blocks", torch::nn::ModuleList());
  for (const auto& shape : encoder_blocks()) {
    blocks_.emplace_back(shape);
    list->push_back(blocks_.back());
  }
  store_channels_last(*this);
}

EncoderTaps EfficientNetLite0EncoderImpl::forward(const torch::Tensor& gray) {
  // The zeros of the padding are zeros of the scaled input: scaled here, not in the weights.
  auto x = relu6_in_place(stem_(pad_for_stride_2(encoder_input(gray), kStemKernel)));
  EncoderTaps taps;
  size_t tap = 0;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    x = blocks_[i](x);
    if (i == kEncoderTaps[tap]) taps[tap++] = x;
  }
  return taps;
}

}  // namespace cgan
