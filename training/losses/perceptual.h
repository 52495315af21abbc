#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "training/losses/feature_network.h"

namespace cgan {

/// Mean over maps of mean |f(g) - f(y)| / mean |f(y)|: what is found at each place of two pictures,
/// from what is fine to what is coarse (feature matching: Wang et al., "pix2pixHD", CVPR 2018, here
/// on the frozen maps of a projected discriminator).
/// @param generated, original the same number of maps of the same shapes, see FeaturePyramid
/// @return scalar, with gradient to `generated`
at::Tensor feature_matching_loss(const std::vector<at::Tensor>& generated,
                                 const std::vector<at::Tensor>& original);

/// Distances of two pictures in what a trained classifier sees in them (Johnson, Alahi and Fei-Fei,
/// ECCV 2016): ask for colours by which things are recognised. Thread-safety: one thread at a time.
class PerceptualLoss {
 public:
  /// Scalars with gradient, means over pictures.
  struct Distances {
    at::Tensor features;  ///< |f(g) - f(y)|^2 / |f(y)|^2 of the pooled deepest features
    at::Tensor classes;   ///< KL(p(y) || p(g)) of the classes' probabilities, in nats
  };

  /// @param path TorchScript file, see FeatureNetwork
  /// @throws std::runtime_error where it cannot be read.
  explicit PerceptualLoss(const std::string& path);

  /// @param generated (N, 3, h, w), RGB, -1..1: its chroma is enlarged to the size of `gray`
  /// @param gray (N, 1, H, W), -1..1: the luma of both pictures
  /// @param original (N, 3, H, W), RGB, -1..1
  Distances distances(const at::Tensor& generated, const at::Tensor& gray,
                      const at::Tensor& original);

 private:
  std::unique_ptr<FeatureNetwork> network_;
};

}  // namespace cgan
