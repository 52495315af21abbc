#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "training/data/dataset.h"
#include "training/recipe/recipe.h"
#include "training/recipe/trained_networks.h"
#include "training/recipe/validation_table.h"

namespace cgan {

/// Where a run writes and from where it starts. The recipe says what it computes.
struct RunSettings {
  std::string folder;   ///< Made where it does not exist; see train() for what lies in it.
  bool resume = false;  ///< Go on from the checkpoint in `folder`.
  std::string init;     ///< Weights of a generator or its encoder to start from; empty: random.
  std::string init_discriminator;  ///< Discriminator weights to start from; empty: random.
  NetworkFiles files;
  std::string features;  ///< TorchScript network for FID and recovery at validations; or empty.
  std::string device = "cpu";     ///< "cpu", "cuda" or "cuda:N"
  double checkpoint_minutes = 3;  ///< Time between checkpoints; > 0.
  int64_t log_every = 50;         ///< Steps that one line of metrics.jsonl is the mean of; > 0.
  int64_t validate_every = 1;     ///< Epochs between validations; the last has one, too; > 0.
  int64_t validation_pictures = 1000;  ///< At most so many are scored; > 0.
};

enum class RunEnd { kFinished, kStopped };

/// Trains until the recipe's epochs are done or `stop` is set. In the folder lie
///   checkpoint.safetensors     everything that resuming needs
///   generator.safetensors      the averaged generator, for the plugin
///   discriminator.safetensors
///   metrics.jsonl              one JSON object per line, "kind" is "recipe", "steps" or "epoch";
///                              an epoch's holds the scores of the first validation set, and those
///                              of all under "sets" by their names
///   grids/epoch-NNN-train.png, grids/epoch-NNN-NAME.png   gray | generated | original
/// All are written under another name first. On a terminal the progress line is rewritten in
/// place, elsewhere it appears once per `log_every` steps.
/// @param validation scored side by side after each `validate_every` epochs: at least one, each
///   with a name of its own
/// @param stop looked at after each step; then a checkpoint is written
/// @throws NotFinite, ModelFileError, std::exception with a sentence for the user. The last
///   checkpoint stays as it was.
RunEnd train(const Recipe& recipe, const RunSettings& settings, const Dataset& training,
             const std::vector<ValidationSet>& validation, const std::atomic<bool>& stop);

/// The recipe that a run's checkpoint was made with. @throws ModelFileError
Recipe recipe_of_checkpoint(const std::string& folder);

}  // namespace cgan
