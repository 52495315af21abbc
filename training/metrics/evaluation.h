#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <string>

namespace cgan {

/// What to score and with which networks. An empty string: not wanted.
struct EvaluationOptions {
  std::string data;           ///< CIFAR-10 batch (.bin), folder of batches, folder of pictures.
  std::string weights;        ///< Generator to run on the data: built-in name or file.
  std::string results;        ///< Or: folder of coloured pictures, named as those in `data`.
  std::string discriminator;  ///< Weights file; needs `weights`.
  std::string features;       ///< TorchScript file, see FeatureNetwork.
  std::string sheet;          ///< PNG to write: gray | generated | original; needs `weights`.
  bool baselines = false;     ///< Score grey and the data's mean colour, too.
  int64_t limit = std::numeric_limits<int64_t>::max();  ///< The first pictures only.
};

/// Scores pictures by every measure that the options allow. Keys: those of PictureScores and
/// FeatureComparison; `d_accuracy` (per cent), `d_cross_entropy`, `d_precision`, `d_recall` of the
/// discriminator on originals and the generator's own RGB; `baselines.grey` and
/// `baselines.mean_colour` with `mae`, `accuracy_2`, `accuracy_5`, `ciede2000` at the original's L;
/// `originals_without_result`; `data`, `weights`, `results`, `features_network` and
/// `discriminator_weights` as they were named.
/// Pictures of a folder are scaled until their shorter side is the generator's tile and cut to its
/// middle; with `results` they are taken as they are, with `baselines` alone at 32 pixels.
/// @throws std::invalid_argument where the options contradict each other.
/// @throws std::runtime_error (ModelFileError for weights) where a file is missing or wrong.
nlohmann::ordered_json evaluate(const EvaluationOptions& options);

/// The same numbers as a table for a person, one line a number with its unit; tables by class and
/// by hue below.
std::string score_table(const nlohmann::ordered_json& scores);

}  // namespace cgan
