#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

namespace cgan {

/// The inner maps of a trained network, from fine to coarse. Contract of the TorchScript file,
/// which training/feature_network.py --pyramid writes:
///   forward(rgb) with rgb (N, 3, H, W), 0..1, float32, not normalised in any way, returns a list
///   of maps (N, C_i, h_i, w_i), float32, each at most as large as the one before it.
/// Thread-safety: one thread at a time.
class FeaturePyramid {
 public:
  /// @throws std::runtime_error where the file is missing or no TorchScript.
  static std::unique_ptr<FeaturePyramid> load(const std::string& path);
  virtual ~FeaturePyramid() = default;

  /// Gradients reach `rgb`, not the network.
  /// @param rgb (N, 3, H, W), 0..1, on the network's device
  /// @return at least one map
  /// @throws std::runtime_error where the network does not keep the contract.
  virtual std::vector<at::Tensor> forward(const at::Tensor& rgb) = 0;
  virtual void to(c10::Device device) = 0;
};

}  // namespace cgan
