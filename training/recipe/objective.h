#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

#include "training/losses/colour_terms.h"
#include "training/losses/perceptual.h"
#include "training/losses/reverse.h"
#include "training/recipe/recipe.h"
#include "training/recipe/step_losses.h"

namespace cgan {

/// A coloured batch beside its originals. Pictures are RGB, -1..1, on one device.
struct ColouredBatch {
  at::Tensor generated;     ///< (N, 3, h, w), G's own picture, with graph
  at::Tensor shown;         ///< (N, 3, h, w), what D and most terms see of it, with graph
  at::Tensor original;      ///< (N, 3, h, w)
  at::Tensor gray;          ///< (N, 1, H, W): the originals' luma at full size
  at::Tensor colour;        ///< (N, 3, H, W): the originals at full size
  at::Tensor class_logits;  ///< (N, classes) with graph, or undefined
  at::Tensor labels;        ///< (N), int64; -1 where a picture has no class
  at::Tensor second;        ///< (M, 3, h, w): the first M scenes a moment later, or undefined
  at::Tensor motion;        ///< (M, 2), int64, pixels of the input: see Batch::motion
};

/// What the generator is asked for beside fooling D: the weighted terms of the recipe.
/// Thread-safety: one thread at a time; each worker has its own.
class Objective {
 public:
  /// @param perceptual TorchScript file of a feature network, see FeatureNetwork; needed where
  ///   recipe.perceptual > 0
  /// @throws std::invalid_argument where it is needed and empty, std::runtime_error where it
  ///   cannot be read.
  Objective(const Recipe& recipe, const std::string& perceptual);

  /// @param losses receives each term without its weight
  /// @return scalar with gradient
  at::Tensor total(const ColouredBatch& batch, StepLosses& losses) const;
  /// The step of reverse training's ascent, which replaces all other terms.
  at::Tensor ascent(const ColouredBatch& batch, StepLosses& losses) const;

 private:
  Recipe recipe_;
  ChromaNorm chroma_norm_;
  Reverse reverse_;
  std::unique_ptr<PerceptualLoss> perceptual_;  ///< null: not wanted
};

}  // namespace cgan
