#include "model/inference/int8/quantized_convolution.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/quantize_per_channel.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <c10/core/MemoryFormat.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "model/inference/int8/quantized_engine.h"
#include "model/kernels/same_padding.h"

namespace cgan {
namespace {

constexpr int kLargestWeight = 127;  // symmetric: -128 is not used

at::Tensor quantized(const at::Tensor& weight) {
  const auto largest = std::get<0>(weight.abs().flatten(1).max(1));
  const auto scales = at::where(largest > 0, largest / kLargestWeight, at::ones_like(largest));
  return at::quantize_per_channel(weight.contiguous(c10::MemoryFormat::ChannelsLast), scales,
                                  at::zeros(scales.sizes(), c10::kLong), 0, c10::kQInt8);
}

// Convolutions of quantised tensors know but one padding for all sides. TensorFlow's SAME at stride
// 2 has a row more behind: zeros before the kernel make up for it.
Convolution with_even_padding(const Convolution& convolution) {
  return {at::constant_pad_nd(convolution.weight, {1, 0, 1, 0}), convolution.bias};
}

}  // namespace

Rounding::Rounding(const ActivationRange& range)
    : scale((static_cast<double>(range.high) - range.low) / 255),
      zero(std::clamp<int64_t>(std::lround(-range.low / scale), 0, 255)) {}

QuantizedConvolution::QuantizedConvolution(const Convolution& convolution,
                                           const ActivationRange& output, int64_t stride,
                                           int64_t padding, int64_t groups)
    : weight_(quantized(convolution.weight)),
      bias_(convolution.bias.defined() ? convolution.bias : at::zeros({weight_.size(0)})),
      output_(output),
      stride_(stride),
      padding_(padding),
      groups_(groups) {}

QuantizedConvolution QuantizedConvolution::padded_same(const Convolution& convolution,
                                                       const ActivationRange& output,
                                                       int64_t stride, int64_t groups) {
  const SamePadding padding(convolution.weight.size(2), stride);
  return {stride == 1 ? convolution : with_even_padding(convolution), output, stride, padding.after,
          groups};
}

at::Tensor QuantizedConvolution::operator()(const at::Tensor& input) {
  const std::array<int64_t, 3> wanted = {input.size(2), input.size(3), at::get_num_threads()};
  if (wanted != prepared_[0].size) {
    std::swap(prepared_[0], prepared_[1]);
    if (wanted != prepared_[0].size) prepared_[0] = {wanted, pack()};
  }
  return prepared_[0].packed->apply(input, output_.scale, output_.zero);
}

QuantizedConvolution::Packed QuantizedConvolution::pack() const {
  static const auto prepack =
      c10::Dispatcher::singleton().findSchemaOrThrow("quantized::conv2d_prepack", "");
  const auto both = [](int64_t value) { return c10::List<int64_t>({value, value}); };
  std::vector<c10::IValue> stack = {weight_,        bias_,   both(stride_),
                                    both(padding_), both(1), groups_};
  const QuantizedEngine engine;
  prepack.callBoxed(&stack);
  return stack[0].toCustomClass<ConvPackedParamsBase<2>>();
}

}  // namespace cgan
