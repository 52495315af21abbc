#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <map>
#include <string>
#include <vector>

/// What training does to whole networks: copies that share their numbers, moving averages,
/// reading and writing by name.
namespace cgan {

/// Lets `replica` use the very parameters of `master`: same memory, gradients of its own. Buffers
/// (batch norm's running statistics) stay separate.
/// @pre both are networks of the same class and options
void share_parameters(torch::nn::Module& replica, const torch::nn::Module& master);

/// Copies parameters and buffers. @pre same class and options
void copy_state(torch::nn::Module& to, const torch::nn::Module& from);

/// Running statistics, float32; counters of batches are left out.
std::vector<at::Tensor> running_statistics(const torch::nn::Module& network);

/// Sets the running statistics of all networks to the weighted sum of theirs, added in the order
/// given. @param shares one per network, sum 1
void average_statistics(const std::vector<torch::nn::Module*>& networks,
                        const std::vector<double>& shares);

/// Sets the running statistics of all networks to `statistics`, in the order in which
/// running_statistics gives them.
void set_statistics(const std::vector<torch::nn::Module*>& networks,
                    const std::vector<at::Tensor>& statistics);

/// Sets of all batch norms what share of the running statistics the next batch becomes.
/// @param momentum in (0, 1]; with 1 / k at the k-th batch they become the mean over all batches
void set_momentum(torch::nn::Module& network, double momentum);

/// Copies running statistics. @pre same class and options
void copy_statistics(torch::nn::Module& to, const torch::nn::Module& from);

/// Parameters and running statistics by name, each name after `prefix`: float32, CPU, contiguous,
/// detached.
void store(const torch::nn::Module& network, const std::string& prefix,
           std::map<std::string, at::Tensor>& tensors);

/// Inverse of `store`.
/// @throws std::invalid_argument where a name is missing or a shape differs.
void load(torch::nn::Module& network, const std::string& prefix,
          const std::map<std::string, at::Tensor>& tensors);

}  // namespace cgan
