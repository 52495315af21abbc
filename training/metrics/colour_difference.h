#pragma once

#include <ATen/core/Tensor.h>

/// Distances between a picture and its original: one number a picture, so that the caller can take
/// means over pictures and over classes.
/// All results have the type of the input and lie on its device.
namespace cgan {

/// Colour difference of each pixel by CIEDE2000 with kL = kC = kH = 1 (Sharma, Wu and Dalal 2005,
/// "The CIEDE2000 color-difference formula: implementation notes, supplementary test data").
/// @param first,second (..., 3, H, W) Lab @return (..., H, W), 0 where equal
at::Tensor ciede2000(const at::Tensor& first, const at::Tensor& second);

/// Distance of each pixel in the plane of a and b. @param first,second (..., 3, H, W) Lab
/// @return (..., H, W)
at::Tensor chroma_distance(const at::Tensor& first, const at::Tensor& second);

/// Mean squared error over pixels and channels. @param first,second (N, 3, H, W) @return (N)
at::Tensor squared_error(const at::Tensor& first, const at::Tensor& second);

/// PSNR in decibels of a mean squared error of signals in 0..1. An error under 1e-10 counts as
/// 1e-10: equal pictures have 100 dB, so that means stay finite.
double psnr(double mean_squared_error);
/// The same for each number of a tensor.
at::Tensor psnr(const at::Tensor& mean_squared_error);

}  // namespace cgan
