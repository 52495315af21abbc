#include "model/networks/efficientnet_lite.h"

#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/options/conv.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

#include "model/kernels/same_padding.h"
#include "model/networks/blocks.h"

namespace cgan {
namespace {

constexpr int64_t kStemChannels = 32, kStemKernel = 3;

/// Of EfficientNet-B0, which the larger ones scale; the stride is that of the first block.
struct BlockGroup {
  int64_t count, kernel, stride, expansion, channels;
};
constexpr BlockGroup kGroups[] = {{1, 3, 1, 1, 16}, {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40},
                                  {3, 3, 2, 6, 80}, {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192},
                                  {1, 3, 1, 6, 320}};

/// How much wider and deeper than B0.
struct Scaling {
  EfficientNetLite variant;
  const char* name;
  double width, depth;
};
constexpr Scaling kScalings[] = {{EfficientNetLite::k0, "efficientnet-lite0", 1.0, 1.0},
                                 {EfficientNetLite::k2, "efficientnet-lite2", 1.1, 1.2}};

const Scaling& scaling_of(EfficientNetLite variant) {
  return kScalings[static_cast<size_t>(variant)];
}

/// The nearest multiple of 8, but not less than nine tenths.
int64_t scaled_channels(int64_t channels, double width) {
  const double wanted = static_cast<double>(channels) * width;
  const auto rounded = std::max<int64_t>(8, static_cast<int64_t>(wanted + 4) / 8 * 8);
  return static_cast<double>(rounded) < 0.9 * wanted ? rounded + 8 : rounded;
}

// Neither a convolution's gradient nor that of ReLU6 needs what ReLU6 overwrites.
torch::Tensor relu6_in_place(torch::Tensor x) {
  return torch::hardtanh_(x, 0, 6);
}

torch::Tensor pad_for_stride_2(const torch::Tensor& x, int64_t kernel) {
  const SamePadding padding(kernel, 2);
  return torch::constant_pad_nd(x, {padding.before, padding.after, padding.before, padding.after});
}

}  // namespace

const char* to_string(EfficientNetLite variant) {
  return scaling_of(variant).name;
}

EfficientNetLite efficientnet_lite_from_string(const std::string& name) {
  std::string known;
  for (const auto& scaling : kScalings) {
    if (name == scaling.name) return scaling.variant;
    known += (known.empty() ? "'" : " or '") + std::string(scaling.name) + "'";
  }
  throw std::invalid_argument("the encoder is " + known + ", not '" + name + "'");
}

EncoderShape encoder_shape(EfficientNetLite variant) {
  const auto& scaling = scaling_of(variant);
  EncoderShape shape;
  int64_t channels = kStemChannels;
  for (size_t g = 0; g < std::size(kGroups); ++g) {
    const auto& group = kGroups[g];
    // The Lite variants leave the first and the last group as deep as they are.
    const bool deepens = g > 0 && g + 1 < std::size(kGroups);
    const auto count =
        deepens ? static_cast<int64_t>(std::ceil(scaling.depth * static_cast<double>(group.count)))
                : group.count;
    const int64_t width = scaled_channels(group.channels, scaling.width);
    for (int64_t i = 0; i < count; ++i) {
      shape.blocks.push_back(
          {channels, width, group.kernel, i == 0 ? group.stride : 1, group.expansion});
      channels = width;
    }
  }
  size_t tap = 0;
  for (size_t i = 0; i < shape.blocks.size(); ++i) {
    if (i + 1 < shape.blocks.size() && shape.blocks[i + 1].stride == 1) continue;
    shape.taps[tap] = i;
    shape.channels[tap++] = shape.blocks[i].out_channels;
  }
  return shape;
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
  return gray * (127.5 / 128) + 0.5 / 128;
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

EncoderTaps EfficientNetLiteEncoderImpl::forward(const torch::Tensor& gray) {
  // The zeros of the padding are zeros of the scaled input: scaled here, not in the weights.
  auto x =
      relu6_in_place(stem_(pad_for_stride_2(encoder_input(in_training_format(gray)), kStemKernel)));
  EncoderTaps taps;
  size_t tap = 0;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    x = blocks_[i](x);
    if (i == taps_[tap]) taps[tap++] = x;
  }
  return taps;
}

}  // namespace cgan
