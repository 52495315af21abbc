#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

/// Batch norm in training mode, LeakyReLU and what surrounds them in the report's networks, fused
/// for the CPU: one pass for the statistics, one for the result, two for the gradients, where the
/// separate operators of LibTorch make about ten. Differentiable; float32, one thread, so that
/// training may put its parallelism over pictures. Tensors are pixels by channels ("NHWC").
/// Thread-safety: reentrant.
namespace cgan {

/// What batch norm saw in this batch.
struct NormResult {
  at::Tensor value;     ///< see the function
  at::Tensor mean;      ///< (C), of input + bias
  at::Tensor variance;  ///< (C), biased
};

/// LeakyReLU(BatchNorm(input + bias)). The bias drops out of everything but the mean; its gradient
/// is exactly zero.
/// @param input (M, C), contiguous, M pixels of all pictures
/// @param bias (C)
/// @param gamma, beta (C) scale and shift
/// @param epsilon added to the variance
/// @param slope of LeakyReLU for negative values
/// @return value (M, C)
NormResult norm_leaky_relu(const at::Tensor& input, const at::Tensor& bias, const at::Tensor& gamma,
                           const at::Tensor& beta, double epsilon, double slope);

/// LeakyReLU(BatchNorm(.)) of a decoder layer's matrix product, shuffled to twice the resolution,
/// dropped out by a mask, with the encoder's activation behind it on the channel axis.
/// @param input (N H W, 4 C): of each pixel the 2x2 block it becomes, row by row, C channels each
/// @param mask (N or 1, 2H, 2W, C) or undefined
/// @param skip (N, 2H, 2W, Cs), contiguous
/// @return value (N, 2H, 2W, C + Cs)
NormResult norm_leaky_relu_shuffle(const at::Tensor& input, const at::Tensor& bias,
                                   const at::Tensor& gamma, const at::Tensor& beta,
                                   const at::Tensor& mask, const at::Tensor& skip, double epsilon,
                                   double slope);

}  // namespace cgan
