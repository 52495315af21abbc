#include "training/recipe/spectral_norm.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include <functional>

namespace cgan {
namespace {

/// Layers that are normalised, with the name of their weight and the member that they multiply by.
void for_each_weight(
    const torch::nn::Module& network,
    const std::function<void(const std::string&, const at::Tensor&, torch::Tensor&)>& visit) {
  for (const auto& item : network.named_modules("", false)) {
    if (auto* conv = item.value()->as<torch::nn::Conv2d>())
      visit(item.key() + ".weight", conv->named_parameters(false)["weight"], conv->weight);
    else if (auto* dense = item.value()->as<torch::nn::Linear>())
      visit(item.key() + ".weight", dense->named_parameters(false)["weight"], dense->weight);
  }
}

at::Tensor as_matrix(const at::Tensor& weight) {
  return weight.reshape({weight.size(0), -1});
}

at::Tensor unit(const at::Tensor& vector) {
  return vector / vector.norm().clamp_min(1e-12);
}

}  // namespace

SpectralNorm::SpectralNorm(const torch::nn::Module& network, uint64_t seed) {
  auto random = at::detail::createCPUGenerator(seed);
  for_each_weight(network, [&](const std::string& name, const at::Tensor& weight, torch::Tensor&) {
    const auto matrix = as_matrix(weight.detach());
    weights_[name] = weight.detach();
    left_[name] = unit(at::randn({matrix.size(0)}, random)).to(weight.device());
    right_[name] = unit(at::randn({matrix.size(1)}, random)).to(weight.device());
  });
  // From random vectors a few iterations lead near the true value; one per step keeps up after.
  for (int i = 0; i < 5; ++i) iterate();
}

void SpectralNorm::iterate() {
  for (const auto& [name, weight] : weights_) {
    const auto matrix = as_matrix(weight);
    right_[name] = unit(at::mv(matrix.t(), left_[name]));
    left_[name].copy_(unit(at::mv(matrix, right_[name])));
  }
}

void SpectralNorm::apply(torch::nn::Module& replica, bool with_gradient) const {
  for_each_weight(
      replica, [&](const std::string& name, const at::Tensor& parameter, torch::Tensor& used) {
        const auto weight = with_gradient ? parameter : parameter.detach();
        const auto sigma = at::dot(left_.at(name), at::mv(as_matrix(weight), right_.at(name)));
        used = weight / sigma;
      });
}

std::map<std::string, at::Tensor> SpectralNorm::normalised() const {
  std::map<std::string, at::Tensor> result;
  for (const auto& [name, weight] : weights_) {
    const auto sigma = at::dot(left_.at(name), at::mv(as_matrix(weight), right_.at(name)));
    result[name] = weight / sigma;
  }
  return result;
}

}  // namespace cgan
