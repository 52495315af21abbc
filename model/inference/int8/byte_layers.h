#pragma once

#include <ATen/core/Tensor.h>

#include "model/inference/int8/quantized_convolution.h"

/// What the int8 form does between convolutions and, of sums, what a kernel of our own does not do
/// at the end of one. All tensors of bytes are quint8, channels_last, on the CPU. Rows are shared
/// out over LibTorch's threads; results do not depend on their number.
namespace cgan {

/// @return bytes that are not set
at::Tensor empty_bytes(at::IntArrayRef sizes, double scale, int64_t zero);

/// @param luma (N, 1, H, W), -1..1, float32
/// @return the nearest 8-bit codes, number = (code - 127) / 128 as EfficientNet-Lite takes them
at::Tensor luma_bytes(const at::Tensor& luma);

/// Appends the mean of 2x2 codes of luma as one more channel.
/// @param bytes (N, C, H, W)
/// @param luma luma_bytes() of (N, 1, 2H, 2W)
/// @return (N, C + 1, H, W), rounded as `bytes`: its luma is code c for the number
///   scale * (c - zero), whatever the scale
at::Tensor join_luma(const at::Tensor& bytes, const at::Tensor& luma);

/// a + b, rounded anew. Where the range begins at 0, that is ReLU of the sum.
at::Tensor sum(const at::Tensor& a, const at::Tensor& b, const Rounding& rounding);

/// The same with a shuffle to blocks of 2x2.
/// @param blocks (N, 4 C, H, W), channels in the order (row, column, channel)
/// @param b (N, C, 2H, 2W)
at::Tensor shuffled_sum(const at::Tensor& blocks, const at::Tensor& b, const Rounding& rounding);

/// bytes + shift, which is (N, C), float32: one number for all pixels of a channel.
at::Tensor shifted(const at::Tensor& bytes, const at::Tensor& shift, const Rounding& rounding);

/// @return (N, C), float32: means over the picture
at::Tensor picture_means(const at::Tensor& bytes);

/// @return float32, channels_last
at::Tensor numbers(const at::Tensor& bytes);

}  // namespace cgan
