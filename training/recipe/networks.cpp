#include "training/recipe/networks.h"

#include <ATen/ATen.h>
#include <torch/nn/modules/batchnorm.h>

#include <stdexcept>

namespace cgan {
namespace {

const at::Tensor& find(const std::map<std::string, at::Tensor>& tensors, const std::string& name,
                       const at::Tensor& wanted) {
  const auto found = tensors.find(name);
  if (found == tensors.end())
    throw std::invalid_argument("the file has no tensor '" + name +
                                "'; it belongs to a network of other options");
  if (found->second.sizes() != wanted.sizes())
    throw std::invalid_argument("tensor '" + name +
                                "' of the file has another shape than the network; the widths and "
                                "the tile must be those it was trained with");
  return found->second;
}

}  // namespace

void share_parameters(torch::nn::Module& replica, const torch::nn::Module& master) {
  const auto from = master.parameters();
  const auto to = replica.parameters();
  for (size_t i = 0; i < to.size(); ++i) to[i].set_data(from[i].detach());
}

void copy_state(torch::nn::Module& to, const torch::nn::Module& from) {
  at::NoGradGuard no_graph;
  const auto source = from.parameters();
  const auto target = to.parameters();
  for (size_t i = 0; i < target.size(); ++i) target[i].copy_(source[i]);
  copy_statistics(to, from);
}

std::vector<at::Tensor> running_statistics(const torch::nn::Module& network) {
  std::vector<at::Tensor> result;
  for (const auto& buffer : network.buffers())
    if (buffer.is_floating_point()) result.push_back(buffer);
  return result;
}

void average_statistics(const std::vector<torch::nn::Module*>& networks,
                        const std::vector<double>& shares) {
  if (networks.size() < 2) return;
  at::NoGradGuard no_graph;
  std::vector<std::vector<at::Tensor>> all;
  for (const auto* network : networks) all.push_back(running_statistics(*network));
  for (size_t i = 0; i < all[0].size(); ++i) {
    auto sum = all[0][i] * shares[0];
    for (size_t k = 1; k < all.size(); ++k) sum.add_(all[k][i], shares[k]);
    for (auto& statistics : all) statistics[i].copy_(sum);
  }
}

void set_statistics(const std::vector<torch::nn::Module*>& networks,
                    const std::vector<at::Tensor>& statistics) {
  at::NoGradGuard no_graph;
  for (const auto* network : networks) {
    const auto target = running_statistics(*network);
    for (size_t i = 0; i < target.size(); ++i) target[i].copy_(statistics[i]);
  }
}

void set_momentum(torch::nn::Module& network, double momentum) {
  for (const auto& module : network.modules())
    if (auto* norm = module->as<torch::nn::BatchNorm2dImpl>()) norm->options.momentum(momentum);
}

void copy_statistics(torch::nn::Module& to, const torch::nn::Module& from) {
  set_statistics({&to}, running_statistics(from));
}

void store(const torch::nn::Module& network, const std::string& prefix,
           std::map<std::string, at::Tensor>& tensors) {
  for (const auto& item : network.named_parameters())
    tensors[prefix + item.key()] = item.value().detach().cpu().contiguous();
  for (const auto& item : network.named_buffers())
    if (item.value().is_floating_point())
      tensors[prefix + item.key()] = item.value().detach().cpu().contiguous();
}

void load(torch::nn::Module& network, const std::string& prefix,
          const std::map<std::string, at::Tensor>& tensors) {
  at::NoGradGuard no_graph;
  for (auto& item : network.named_parameters())
    item.value().copy_(find(tensors, prefix + item.key(), item.value()));
  for (auto& item : network.named_buffers())
    if (item.value().is_floating_point())
      item.value().copy_(find(tensors, prefix + item.key(), item.value()));
}

}  // namespace cgan
