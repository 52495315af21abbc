#include "model/inference/frozen_convolution.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/hardtanh.h>
#include <ATen/ops/relu.h>

#include "model/kernels/same_padding.h"

namespace cgan {
FrozenConvolution::FrozenConvolution(const Convolution& convolution, Activation activation,
                                     int64_t stride, int64_t groups)
    : convolution_(convolution), activation_(activation), stride_(stride), groups_(groups) {}

at::Tensor FrozenConvolution::operator()(const at::Tensor& input) const {
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
