#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace cgan {

/// Writes a picture as PNG of 8 bits.
/// @param picture (3, H, W), RGB, or (1, H, W), gray, 0..1; what lies outside is limited
/// @throws std::runtime_error where the file cannot be written.
void write_png(const std::string& path, const at::Tensor& picture);

}  // namespace cgan
