#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

namespace cgan {

/// A TorchScript network that says what is in a picture. Contract of the file, whatever wrote it
/// (cgan-train-classifier, or torch.jit.save in Python):
///   forward(rgb) with rgb (N, 3, H, W), 0..1, float32, RGB, not normalised in any way,
///   returns a tuple (logits (N, classes), features (N, F)), float32.
/// Thread-safety: one thread at a time.
class FeatureNetwork {
 public:
  struct Output {
    at::Tensor logits;    ///< (N, classes)
    at::Tensor features;  ///< (N, F)
  };

  /// @throws std::runtime_error where the file is missing or no TorchScript.
  static std::unique_ptr<FeatureNetwork> load(const std::string& path);
  virtual ~FeatureNetwork() = default;

  /// Gradients reach `rgb`, not the network; under at::NoGradGuard no graph is kept.
  /// @param rgb (N, 3, H, W), 0..1
  /// @throws std::runtime_error where the network does not keep the contract.
  virtual Output forward(const at::Tensor& rgb) = 0;
};

}  // namespace cgan
