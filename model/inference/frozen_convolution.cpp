#include "model/inference/frozen_convolution.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/hardtanh.h>
#include <ATen/ops/relu.h>
#include <c10/core/MemoryFormat.h>
#include <c10/util/Exception.h>

#include <limits>

#include "model/kernels/same_padding.h"

namespace cgan {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

Clip clip_of(Activation activation) {
  if (activation == Activation::kNone) return {-kInfinity, kInfinity};
  return {0, activation == Activation::kRelu ? kInfinity : 6.0f};
}

}  // namespace

FrozenConvolution::FrozenConvolution(const Convolution& convolution, Activation activation,
                                     int64_t stride, int64_t groups)
    : convolution_(convolution), activation_(activation), stride_(stride), groups_(groups) {
  const auto& weight = convolution.weight;
  if (!weight.is_cpu() || weight.scalar_type() != c10::kFloat) return;
  const auto dense = weight.contiguous();
  const auto bias = convolution.bias.defined() ? convolution.bias.contiguous() : at::Tensor();
  const float* const biases = bias.defined() ? bias.data_ptr<float>() : nullptr;
  const int64_t outputs = weight.size(0), kernel = weight.size(2);
  if (kernel == 1 && groups == 1 && stride == 1)
    pointwise_.emplace(dense.data_ptr<float>(), biases, outputs, weight.size(1));
  else if ((kernel == 3 || kernel == 5) && stride <= 2 && groups == outputs &&
           weight.size(1) == 1 && outputs % DepthwiseKernel::kChannelMultiple == 0)
    depthwise_.emplace(dense.data_ptr<float>(), biases, outputs, kernel, stride);
  else if (kernel == ChromaKernel::kSide && outputs == ChromaKernel::kOutputs && stride == 1 &&
           groups == 1 && weight.size(1) % ChromaKernel::kInputMultiple == 0 &&
           activation == Activation::kNone)
    chroma_.emplace(dense.data_ptr<float>(), biases, weight.size(1));
}

at::Tensor FrozenConvolution::in_own_kernel(const at::Tensor& input) const {
  TORCH_CHECK(input.size(1) == convolution_.weight.size(1) * groups_,
              "a convolution got another number of channels than its weights have");
  const auto in = input.contiguous(c10::MemoryFormat::ChannelsLast);
  const int64_t count = in.size(0), height = in.size(2), width = in.size(3);
  const auto out =
      at::empty({count, convolution_.weight.size(0), height / stride_, width / stride_},
                in.options().memory_format(c10::MemoryFormat::ChannelsLast));
  const Clip clip = clip_of(activation_);
  if (pointwise_) {
    pointwise_->run(in.data_ptr<float>(), count * height * width, clip, out.data_ptr<float>());
    return out;
  }
  for (int64_t n = 0; n < count; ++n) {
    const float* const from = in.data_ptr<float>() + n * (in.numel() / count);
    float* const to = out.data_ptr<float>() + n * (out.numel() / count);
    if (chroma_)
      chroma_->run(from, height, width, to);
    else
      depthwise_->run(from, height, width, clip, to);
  }
  return out;
}

at::Tensor FrozenConvolution::operator()(const at::Tensor& input) const {
  if (pointwise_ || depthwise_ || chroma_) return in_own_kernel(input);
  const SamePadding padding(convolution_.weight.size(2), stride_);
  const auto padded = stride_ == 1 ? input
                                   : at::constant_pad_nd(input, {padding.before, padding.after,
                                                                 padding.before, padding.after});
  auto x = at::conv2d(padded, convolution_.weight, convolution_.bias, stride_,
                      stride_ == 1 ? padding.before : 0, 1, groups_);
  if (activation_ == Activation::kRelu) at::relu_(x);
  if (activation_ == Activation::kRelu6) at::hardtanh_(x, 0, 6);
  return x;
}

}  // namespace cgan
