#include "training/losses/perceptual.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "training/losses/colour_terms.h"

namespace cgan {

at::Tensor feature_matching_loss(const std::vector<at::Tensor>& generated,
                                 const std::vector<at::Tensor>& original) {
  auto sum = at::zeros({}, generated.front().options());
  for (size_t i = 0; i < generated.size(); ++i)
    sum = sum + (generated[i] - original[i]).abs().mean() /
                    original[i].detach().abs().mean().clamp_min(1e-6);
  return sum / static_cast<double>(generated.size());
}

PerceptualLoss::PerceptualLoss(const std::string& path) : network_(FeatureNetwork::load(path)) {}

PerceptualLoss::Distances PerceptualLoss::distances(const at::Tensor& generated,
                                                    const at::Tensor& gray,
                                                    const at::Tensor& original) {
  FeatureNetwork::Output wanted;
  {
    const at::NoGradGuard no_graph;
    wanted = network_->forward(original * 0.5 + 0.5);
  }
  const auto full = at::upsample_bilinear2d(generated, {gray.size(2), gray.size(3)}, false);
  const auto seen = network_->forward((with_luma(gray, full) * 0.5 + 0.5).clamp(0, 1));
  const auto error = (seen.features - wanted.features).square().sum(1);
  const auto likely = at::log_softmax(wanted.logits, 1);
  const auto lost = likely.exp() * (likely - at::log_softmax(seen.logits, 1));
  return {(error / wanted.features.square().sum(1).clamp_min(1e-6)).mean(), lost.sum(1).mean()};
}

}  // namespace cgan
