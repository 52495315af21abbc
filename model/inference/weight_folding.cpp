#include "model/inference/weight_folding.h"

#include <ATen/TensorOperators.h>
#include <c10/core/MemoryFormat.h>

#include <vector>

namespace cgan {
namespace {

constexpr double kBatchNormEpsilon = 1e-5;  // the default of torch::nn::BatchNorm2d

}  // namespace

at::Tensor WeightFolding::tensor(const std::string& name) const {
  return weights_.tensors.at(name).to(c10::kDouble);
}

std::array<at::Tensor, 2> WeightFolding::norm(const std::string& name) const {
  const auto scale =
      tensor(name + ".weight") / (tensor(name + ".running_var") + kBatchNormEpsilon).sqrt();
  return {scale, tensor(name + ".bias") - tensor(name + ".running_mean") * scale};
}

Convolution WeightFolding::plain(const std::string& name) const {
  return place(tensor(name + ".weight"), tensor(name + ".bias"));
}

Convolution WeightFolding::place(const at::Tensor& weight, const at::Tensor& bias) const {
  return {place(weight), place(bias)};
}

at::Tensor WeightFolding::place(const at::Tensor& tensor) const {
  const auto placed = tensor.to(options_.device, options_.type);
  return placed.dim() == 4 ? placed.contiguous(c10::MemoryFormat::ChannelsLast) : placed;
}

at::Tensor scale_outputs(const at::Tensor& weight, const at::Tensor& scale) {
  std::vector<int64_t> shape(static_cast<size_t>(weight.dim()), 1);
  shape[0] = -1;
  return weight * scale.view(shape);
}

}  // namespace cgan
