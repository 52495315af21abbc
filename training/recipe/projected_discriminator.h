#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "training/recipe/recipe.h"
#include "training/recipe/trained_networks.h"

namespace cgan {

/// Shape of the heads of a projected discriminator.
struct ProjectedHeadsOptions {
  std::vector<int64_t> channels;  ///< Of the pyramid's maps, from fine to coarse.
  int64_t width = 64;             ///< Channels of the mixed maps and of the heads; > 0.
  uint64_t seed = 1;              ///< Of the random projections.
};

/// What of a projected discriminator learns (Sauer et al., "Projected GANs converge faster",
/// NeurIPS 2021): the maps of a frozen network are mixed over channels and then from coarse to fine
/// by random convolutions that stay as they are, so that no single feature decides, and a small
/// head on each resolution says of each of its places whether it is from an original.
class ProjectedHeadsImpl : public torch::nn::Module {
 public:
  explicit ProjectedHeadsImpl(const ProjectedHeadsOptions& options);

  /// @param maps (N, channels[i], h_i, w_i), each at most as large as the one before it
  /// @param gray (N, 1, H, W), H and W at least those of the maps: the condition, of which every
  /// head
  ///   sees the mean of each place
  /// @return logits (N, places of all heads)
  torch::Tensor forward(const std::vector<torch::Tensor>& maps, const torch::Tensor& gray);

  const ProjectedHeadsOptions& options() const { return options_; }

 private:
  /// Not parameters: they follow from the seed.
  std::vector<torch::Tensor> over_channels_, over_scales_;
  std::vector<std::vector<torch::nn::Conv2d>> heads_;
  ProjectedHeadsOptions options_;
};
TORCH_MODULE(ProjectedHeads);

/// What `architecture` says of such heads in a weights file; its options name channels, width and
/// seed, with which ProjectedHeads are made, and the pyramid's file.
constexpr const char kProjectedDiscriminatorArchitecture[] = "projected-discriminator";

/// Heads on a frozen pyramid that see pictures changed by augment_for_judging().
/// @param pyramid TorchScript file, see FeaturePyramid
/// @throws std::invalid_argument where it is empty, std::runtime_error where it cannot be read.
std::unique_ptr<TrainedDiscriminator> make_projected_discriminator(const Recipe& recipe,
                                                                   const std::string& pyramid);

}  // namespace cgan
