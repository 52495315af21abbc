#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <string>

#include "model/weights/weights.h"
#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// Where the network runs and what it computes with.
struct Placement {
  c10::Device device = c10::kCPU;
  c10::ScalarType type = c10::kFloat;
  std::string precision_name = "fp32";  ///< "fp32", "bf16", "fp16" or "int8".
  bool runs_network = true;             ///< False: shots are found only, all colours are grey.
  std::string warning;  ///< What speaks against it, with the remedy; empty: nothing.
};

/// @param device "auto" (CUDA where there is a card, else the CPU), "cpu", "cuda" (the first card)
///   or "cuda:N"
/// @param precision AUTO: fp16 on CUDA; on the CPU int8 where the weights are calibrated for it and
///   the processor is made for it, else fp32
/// @throws ColorizerError: CGAN_ERROR_DEVICE where CUDA is asked for and not there, with the
///   reason; CGAN_ERROR_SETTINGS for another name, for fp16 on the CPU, and for int8 on CUDA or a
///   processor without it.
Placement choose_placement(const std::string& device, CganPrecision precision,
                           const Weights& weights);

}  // namespace cgan
