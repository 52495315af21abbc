#include "plugin/colorizer/network/placement.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <cctype>

#include "model/inference/int8/activation_ranges.h"
#include "model/inference/int8/frozen_photo_generator_int8.h"
#include "model/kernels/instruction_set.h"
#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan {
namespace {

const char kCudaPrefix[] = "cuda:";

std::string library_facts() {
  return std::string("LibTorch ") + TORCH_VERSION + ", " +
         std::to_string(torch::cuda::device_count()) + " CUDA cards";
}

c10::Device cuda_device(int index) {
  if (!at::detail::getCUDAHooks().hasCUDART()) {
    throw ColorizerError(CGAN_ERROR_DEVICE,
                         "This LibTorch was built without CUDA; use device=cpu, or build with "
                         "-Dlibtorch=DIR of a LibTorch with CUDA.",
                         library_facts());
  }
  const auto cards = static_cast<int>(torch::cuda::device_count());
  if (cards == 0) {
    throw ColorizerError(CGAN_ERROR_DEVICE,
                         "No CUDA card or no driver for it was found; use device=cpu, or install "
                         "the NVIDIA driver.",
                         library_facts());
  }
  if (index >= cards) {
    throw ColorizerError(CGAN_ERROR_DEVICE,
                         "There is no CUDA card " + std::to_string(index) +
                             "; use cuda:0 .. cuda:" + std::to_string(cards - 1) + ".",
                         library_facts());
  }
  return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

c10::Device device_from(const std::string& name) {
  if (name == "cpu") return c10::kCPU;
  if (name == "auto") return torch::cuda::is_available() ? cuda_device(0) : c10::Device(c10::kCPU);
  if (name == "cuda") return cuda_device(0);
  const size_t prefix = sizeof kCudaPrefix - 1;
  const bool is_numbered =
      name.compare(0, prefix, kCudaPrefix) == 0 && name.size() > prefix &&
      name.size() <= prefix + 2 &&
      std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix), name.end(),
                  [](unsigned char c) { return std::isdigit(c) != 0; });
  if (!is_numbered) {
    throw ColorizerError(CGAN_ERROR_SETTINGS,
                         "The device \"" + name + "\" is unknown; use auto, cpu, cuda or cuda:N.");
  }
  return cuda_device(std::stoi(name.substr(prefix)));
}

CganPrecision best_precision(bool is_cuda, const Weights& weights) {
  if (is_cuda) return CGAN_PRECISION_FP16;
  const bool has_int8 = is_calibrated(weights) && int8_pays();
  return has_int8 ? CGAN_PRECISION_INT8 : CGAN_PRECISION_FP32;
}

void check_int8(bool is_cuda) {
  if (is_cuda) {
    throw ColorizerError(CGAN_ERROR_SETTINGS,
                         "int8 runs on the CPU only; use device=cpu or precision=fp16.");
  }
}

}  // namespace

Placement choose_placement(const std::string& device, CganPrecision precision,
                           const Weights& weights) {
  Placement placement;
  placement.device = device_from(device);
  const bool is_cuda = placement.device.is_cuda();
  if (precision == CGAN_PRECISION_AUTO) precision = best_precision(is_cuda, weights);
  switch (precision) {
    case CGAN_PRECISION_BF16:
      placement.type = c10::kBFloat16;
      placement.precision_name = "bf16";
      if (!is_cuda && !has_bfloat16())
        placement.warning =
            "This processor has no instructions for bf16, which is many times slower here than "
            "fp32; "
            "use precision=auto.";
      break;
    case CGAN_PRECISION_FP16:
      if (!is_cuda) {
        throw ColorizerError(CGAN_ERROR_SETTINGS,
                             "fp16 does not run on the CPU; use precision=fp32, bf16 or auto.");
      }
      placement.type = c10::kHalf;
      placement.precision_name = "fp16";
      break;
    case CGAN_PRECISION_INT8:
      check_int8(is_cuda);
      placement.type = c10::kQInt8;
      placement.precision_name = "int8";
      break;
    default:
      break;
  }
  return placement;
}

}  // namespace cgan
