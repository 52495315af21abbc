#include "model/inference/int8/byte_convolution.h"

#include <c10/core/MemoryFormat.h>
#include <c10/util/Exception.h>

#include "model/inference/int8/byte_layers.h"

namespace cgan {
namespace {

/// Of picture n.
Codes codes_of(const at::Tensor& tensor, int64_t n) {
  const auto* const bytes = static_cast<const uint8_t*>(tensor.data_ptr());
  return {bytes + n * (tensor.numel() / tensor.size(0)), tensor.q_scale(), tensor.q_zero_point()};
}

uint8_t* writable(const at::Tensor& tensor, int64_t n) {
  return static_cast<uint8_t*>(tensor.data_ptr()) + n * (tensor.numel() / tensor.size(0));
}

}  // namespace

ByteConvolution::ByteConvolution(const Convolution& convolution, const ActivationRange& output,
                                 int64_t stride, int64_t groups, bool own_kernels)
    : inputs_(convolution.weight.size(1) * groups),
      outputs_(convolution.weight.size(0)),
      stride_(stride),
      is_depthwise_(groups > 1 && groups == inputs_),
      output_(output) {
  const int64_t kernel = convolution.weight.size(2);
  if (own_kernels && kernel == 1 && groups == 1 && stride == 1 &&
      inputs_ >= BytePointwiseKernel::kLeastInputs)
    pointwise_.emplace(convolution);
  else if (own_kernels && (kernel == 3 || kernel == 5) && is_depthwise_ && inputs_ == outputs_ &&
           outputs_ >= ByteDepthwiseKernel::kLeastChannels)
    depthwise_.emplace(convolution, stride);
  else
    libtorch_.emplace(QuantizedConvolution::padded_same(convolution, output, stride, groups));
}

void ByteConvolution::check(const at::Tensor& input) const {
  TORCH_CHECK(input.dim() == 4 && input.size(1) == inputs_,
              "a convolution got another number of channels than its weights have");
  TORCH_CHECK(input.is_contiguous(c10::MemoryFormat::ChannelsLast),
              "a convolution of bytes takes channels_last");
  TORCH_CHECK(!is_depthwise_ || input.q_zero_point() == 0,
              "the zero of a depthwise convolution's input must be 0");
}

at::Tensor ByteConvolution::operator()(const at::Tensor& input) {
  check(input);
  if (pointwise_) return pointwise(input, {}, false, output_);
  return depthwise_ ? depthwise(input) : (*libtorch_)(input);
}

void ByteConvolution::check_added(const at::Tensor& input, const at::Tensor& added) const {
  check(input);
  TORCH_CHECK(added.numel() == input.numel() / inputs_ * outputs_ &&
                  added.is_contiguous(c10::MemoryFormat::ChannelsLast),
              "what is added has another size or order than the convolution's output");
}

at::Tensor ByteConvolution::sum_with(const at::Tensor& input, const at::Tensor& b,
                                     const Rounding& rounding) {
  check_added(input, b);
  return pointwise_ ? pointwise(input, b, false, rounding) : sum((*this)(input), b, rounding);
}

at::Tensor ByteConvolution::sum_with_blocks(const at::Tensor& input, const at::Tensor& blocks,
                                            const Rounding& rounding) {
  check_added(input, blocks);
  return pointwise_ ? pointwise(input, blocks, true, rounding)
                    : shuffled_sum(blocks, (*this)(input), rounding);
}

at::Tensor ByteConvolution::pointwise(const at::Tensor& input, const at::Tensor& added,
                                      bool are_blocks, const Rounding& rounding) {
  const int64_t height = input.size(2), width = input.size(3);
  const auto result =
      empty_bytes({input.size(0), outputs_, height, width}, rounding.scale, rounding.zero);
  for (int64_t n = 0; n < input.size(0); ++n) {
    const Codes codes = added.defined() ? codes_of(added, n) : Codes{nullptr, 1, 0};
    pointwise_->run(codes_of(input, n), height * width, {codes, are_blocks ? width / 2 : 0},
                    rounding, writable(result, n));
  }
  return result;
}

at::Tensor ByteConvolution::depthwise(const at::Tensor& input) {
  const int64_t height = input.size(2), width = input.size(3);
  const auto result = empty_bytes({input.size(0), outputs_, height / stride_, width / stride_},
                                  output_.scale, output_.zero);
  for (int64_t n = 0; n < input.size(0); ++n)
    depthwise_->run(codes_of(input, n), height, width, output_, writable(result, n));
  return result;
}

}  // namespace cgan
