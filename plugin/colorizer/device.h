#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <string>

#include "plugin/colorizer/colorizer_interface.h"

namespace cgan {

/// Where the network runs and what it computes with.
struct Placement {
  c10::Device device = c10::kCPU;
  c10::ScalarType type = c10::kFloat;
  std::string precision_name;  ///< "fp32", "bf16" or "fp16".
};

/// @param device "auto" (CUDA where there is a card, else the CPU), "cpu", "cuda" (the first card)
///   or "cuda:N"
/// @param precision AUTO: fp32 on the CPU, fp16 on CUDA
/// @throws ColorizerError: CGAN_ERROR_DEVICE where CUDA is asked for and not there, with the
///   reason; CGAN_ERROR_SETTINGS for another name, and for fp16 on the CPU.
Placement choose_placement(const std::string& device, CganPrecision precision);

}  // namespace cgan
