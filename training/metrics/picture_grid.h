#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace cgan {

/// Writes a PNG with one row per picture: gray | generated | original, two pixels apart, each
/// pixel shown as a square of `zoom` pixels.
/// @param gray (N, 1, H, W), -1..1, CPU
/// @param generated,original (N, 3, H, W), -1..1, CPU
/// @throws std::runtime_error where the file cannot be written.
void write_picture_grid(const std::string& path, const at::Tensor& gray,
                        const at::Tensor& generated, const at::Tensor& original, int64_t zoom);

}  // namespace cgan
