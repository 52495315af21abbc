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
  std::string labels;         ///< CSV file of classes, see PictureLabels; photographs only.
  std::string discriminator;  ///< Weights file; needs `weights`.
  std::string features;       ///< TorchScript file, see FeatureNetwork.
  std::string sheet;          ///< PNG to write: gray | generated | original.
  std::string beside;      ///< Second generator, on the sheet before the first; photographs only.
  bool baselines = false;  ///< Score grey and the data's mean colour, too.
  bool tiles = false;      ///< One middle tile of each picture of a folder, as in training.
  int64_t work_size = 0;   ///< Short side of a photograph's work copy, 0: the generator's choice.
  double saturation = 1;   ///< Factor on the chroma of photographs.
  std::string precision = "fp32";  ///< Of the generator on photographs: fp32, bf16 or int8.
  double vividness = 0;            ///< See FrozenGenerator::chroma(); photographs only.
  int64_t limit = std::numeric_limits<int64_t>::max();  ///< The first pictures only.
};

/// Scores pictures by every measure that the options allow. Keys: those of PictureScores and
/// FeatureComparison; `d_accuracy` (per cent), `d_cross_entropy`, `d_precision`, `d_recall` of the
/// discriminator on originals and the generator's own RGB; `baselines.grey` and
/// `baselines.mean_colour` with `mae`, `accuracy_2`, `accuracy_5`, `ciede2000` at the original's L;
/// `data`, `weights`, `results`, `features_network` and `discriminator_weights` as they were named.
///
/// A folder holds photographs (PhotoColouring), each scored at its own size. Those whose original
/// is grey have no true colours: they stand on the sheet but are not scored. Keys:
/// `grey_originals`, how many those are; `work_size` in pixels; `originals_without_result`. Where
/// all are grey there are no scores. With `tiles`, pictures of a folder and its sub-folders are
/// scaled, smaller ones enlarged, until their shorter side is the generator's tile (with
/// `baselines` alone: 32 pixels) and cut to its middle.
/// @throws std::invalid_argument where the options contradict each other.
/// @throws std::runtime_error (ModelFileError for weights) where a file is missing or wrong.
nlohmann::ordered_json evaluate(const EvaluationOptions& options);

}  // namespace cgan
