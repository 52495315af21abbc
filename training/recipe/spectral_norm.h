#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <map>
#include <string>
#include <vector>

namespace cgan {

/// Spectral normalisation of a network's convolutions and dense layers: each weight is used
/// divided by its largest singular value, found by power iteration (Miyato et al., ICLR 2018).
/// The parameters stay what the optimiser sees; what the layers multiply with is made anew for
/// every step, so one state serves all replicas of a network.
/// Thread-safety: `apply` on different networks at the same time; `iterate` alone.
class SpectralNorm {
 public:
  /// @param network whose weights are followed; its parameters may change, not their shapes
  /// @param random seed of the first vectors
  SpectralNorm(const torch::nn::Module& network, uint64_t seed);

  /// One power iteration for every weight, to be done once before each step of the optimiser.
  void iterate();

  /// Lets the layers of `network` work with weight / sigma, sigma = u^T W v, u and v constant.
  /// @param replica the network itself or one that shares its parameters
  /// @param with_gradient whether gradients reach the parameters of `replica`
  void apply(torch::nn::Module& replica, bool with_gradient) const;

  /// weight / sigma by the parameter's name: the numbers that a plain network needs.
  std::map<std::string, at::Tensor> normalised() const;

  /// Left vectors u by the parameter's name, for checkpoints. Shared, not copied.
  const std::map<std::string, at::Tensor>& state() const { return left_; }

 private:
  std::map<std::string, at::Tensor> weights_;       ///< by name, as the network holds them
  std::map<std::string, at::Tensor> left_, right_;  ///< u (rows), v (columns), unit length
};

}  // namespace cgan
