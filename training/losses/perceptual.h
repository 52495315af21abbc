#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

#include "training/losses/feature_network.h"

namespace cgan {

/// Distance of two pictures in what a trained classifier sees in them (Johnson, Alahi and Fei-Fei,
/// ECCV 2016), here its pooled deepest features: asks for colours by which things are recognised.
/// Thread-safety: one thread at a time.
class PerceptualLoss {
 public:
  /// @param path TorchScript file, see FeatureNetwork
  /// @throws std::runtime_error where it cannot be read.
  explicit PerceptualLoss(const std::string& path);

  /// Mean over pictures of |f(g) - f(y)|^2 / |f(y)|^2.
  /// @param generated (N, 3, h, w), RGB, -1..1: its chroma is enlarged to the size of `gray`
  /// @param gray (N, 1, H, W), -1..1: the luma of both pictures
  /// @param original (N, 3, H, W), RGB, -1..1
  /// @return scalar with gradient
  at::Tensor distance(const at::Tensor& generated, const at::Tensor& gray,
                      const at::Tensor& original);

 private:
  std::unique_ptr<FeatureNetwork> network_;
};

}  // namespace cgan
