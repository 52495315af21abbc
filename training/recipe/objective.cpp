#include "training/recipe/objective.h"

#include <ATen/ATen.h>

#include <stdexcept>

#include "training/losses/colourfulness.h"
#include "training/losses/consistency.h"

namespace cgan {
namespace {

int64_t scale_of(const ColouredBatch& batch) {
  return batch.gray.size(2) / batch.generated.size(2);
}

}  // namespace

Objective::Objective(const Recipe& recipe, const std::string& perceptual)
    : recipe_(recipe),
      chroma_norm_(chroma_norm_from_string(recipe.chroma_norm)),
      reverse_(reverse_from_string(recipe.reverse)) {
  if (recipe.perceptual == 0 && recipe.recognition == 0) return;
  if (perceptual.empty())
    throw std::invalid_argument(
        "--perceptual-weight and --recognition need a network: name its TorchScript file with "
        "--perceptual, training/feature_network.py writes one");
  perceptual_ = std::make_unique<PerceptualLoss>(perceptual);
}

at::Tensor Objective::total(const ColouredBatch& batch, StepLosses& losses) const {
  at::Tensor total = at::zeros({}, batch.generated.options());
  const auto add = [&](double weight, const auto& term, double& reading) {
    if (weight == 0) return;
    const at::Tensor value = term();
    reading = value.template item<double>();
    total = total + weight * value;
  };
  const auto& g = batch.shown;
  const auto& y = batch.original;
  add(
      recipe_.l1, [&] { return l1_distance(batch.generated, y); }, losses.l1);
  add(
      recipe_.cosine, [&] { return cosine_distance(g, y); }, losses.cosine);
  add(
      recipe_.chroma, [&] { return chroma_loss(g, y, chroma_norm_, recipe_.chroma_beta); },
      losses.chroma);
  add(
      recipe_.match, [&] { return match_loss(g, y, recipe_.match_scale); }, losses.match);
  add(
      recipe_.farther_than_grey, [&] { return farther_than_grey_loss(g, y); },
      losses.farther_than_grey);
  add(
      recipe_.colourfulness,
      [&] {
        return colourfulness_loss(g, y, recipe_.colourfulness_share, recipe_.colourfulness_power);
      },
      losses.colourfulness);
  if (reverse_ == Reverse::kSpread)
    add(
        recipe_.reverse_weight, [&] { return reverse_spread_loss(g, y); }, losses.reverse);
  if (batch.class_logits.defined())
    add(
        recipe_.aux_class,
        [&] {
          return at::cross_entropy_loss(batch.class_logits, batch.labels, {}, at::Reduction::Mean,
                                        /*ignore_index=*/-1);
        },
        losses.aux_class);
  if (batch.second.defined())
    add(
        recipe_.consistency,
        [&] { return consistency_loss(g, batch.second, batch.motion, scale_of(batch)); },
        losses.consistency);
  if (perceptual_) {
    const auto distances = perceptual_->distances(g, batch.gray, batch.colour);
    add(
        recipe_.perceptual, [&] { return distances.features; }, losses.perceptual);
    add(
        recipe_.recognition, [&] { return distances.classes; }, losses.recognition);
  }
  return total;
}

at::Tensor Objective::ascent(const ColouredBatch& batch, StepLosses& losses) const {
  const auto value = reverse_ascent_loss(batch.shown, recipe_.reverse_limit);
  losses.reverse = value.item<double>();
  return recipe_.reverse_weight * value;
}

}  // namespace cgan
