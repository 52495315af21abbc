#pragma once

#include <ATen/core/Tensor.h>

#include <array>

/// What goes into the encoder and comes out, in training and inference alike.
namespace cgan {

/// (N, 1, H, W) with the strides of channels_last, for the same bytes are both formats: LibTorch
/// takes one channel for contiguous, and with it all that a layer makes of it.
at::Tensor as_channels_last(const at::Tensor& one_channel);

/// The numbers that the encoder knows, (255 y - 127) / 128 with y in 0..1, in the format of `gray`.
/// @param gray (N, 1, H, W), -1..1
at::Tensor encoder_input(const at::Tensor& gray);

/// Activations of the encoder at 1/2, 1/4, 1/8, 1/16 and 1/32 of the input's resolution.
using EncoderTaps = std::array<at::Tensor, 5>;

}  // namespace cgan
