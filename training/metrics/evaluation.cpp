#include "training/metrics/evaluation.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "model/colour.h"
#include "model/networks/discriminator.h"
#include "model/weights/network_weights.h"
#include "model/weights/weights.h"
#include "training/data/batches.h"
#include "training/data/cifar10.h"
#include "training/data/picture_folder.h"
#include "training/losses/colour_terms.h"
#include "training/metrics/generated_pictures.h"
#include "training/metrics/judgement_scores.h"
#include "training/metrics/photo_evaluation.h"
#include "training/metrics/picture_grid.h"
#include "training/metrics/scorers.h"

namespace cgan {
namespace {

constexpr int64_t kBatch = 200, kSheetRows = 16, kSheetZoom = 3, kBaselineTile = 32;

void check(const EvaluationOptions& options) {
  if (options.data.empty()) throw std::invalid_argument("name the originals with --data");
  if (!options.weights.empty() && !options.results.empty())
    throw std::invalid_argument("--weights and --results exclude each other: choose one");
  if (options.weights.empty() && options.results.empty() && !options.baselines)
    throw std::invalid_argument("nothing to score: add --weights, --results or --baselines");
  if (options.weights.empty() && !options.discriminator.empty())
    throw std::invalid_argument("--discriminator needs --weights");
  if (options.weights.empty() && options.results.empty() &&
      !(options.features.empty() && options.sheet.empty()))
    throw std::invalid_argument("--features and --sheet need --weights or --results");
  if (options.sheet.empty() && !options.beside.empty())
    throw std::invalid_argument("--beside shows a second generator on the sheet: add --sheet");
  if (options.limit < 1) throw std::invalid_argument("--limit must be at least 1");
  if (options.work_size < 0) throw std::invalid_argument("--work-size must not be negative");
  if (!(options.saturation >= 0)) throw std::invalid_argument("--saturation must not be negative");
}

// A file or a folder with files that end in .bin is CIFAR-10, any other folder holds pictures.
bool is_cifar10(const std::string& path) {
  namespace fs = std::filesystem;
  const auto is_batch = [](const fs::directory_entry& entry) {
    return entry.path().extension() == ".bin";
  };
  if (!fs::exists(path))
    throw std::invalid_argument("there is no file or folder '" + path + "' to score: name one");
  if (!fs::is_directory(path)) return true;
  const fs::directory_iterator entries(path);
  return std::any_of(begin(entries), end(entries), is_batch);
}

bool wants_tiles(const EvaluationOptions& options) {
  if (!options.results.empty()) return false;
  if (options.tiles || is_cifar10(options.data)) {
    if (!options.labels.empty() || !options.beside.empty() || options.work_size != 0 ||
        options.saturation != 1 || options.vividness != 0 || options.precision != "fp32")
      throw std::invalid_argument(
          "--labels, --beside, --work-size, --saturation, --vividness and --precision are for "
          "photographs: leave them out with CIFAR-10 and --tiles");
    return true;
  }
  if (!options.discriminator.empty())
    throw std::invalid_argument("--discriminator judges tiles: add --tiles");
  return false;
}

// Rows of the contact sheet, taken evenly from the whole data.
class Sheet {
 public:
  explicit Sheet(int64_t pictures) : step_(std::max<int64_t>(1, pictures / kSheetRows)) {}

  void add(int64_t first, const at::Tensor& gray, const at::Tensor& picture,
           const at::Tensor& colour) {
    for (int64_t i = 0; i < gray.size(0); ++i) {
      if ((first + i) % step_ != 0 || gray_.size() >= kSheetRows) continue;
      gray_.push_back(gray[i]);
      picture_.push_back(picture[i] * 2 - 1);
      colour_.push_back(colour[i]);
    }
  }

  void write(const std::string& path) const {
    write_picture_grid(path, at::stack(gray_), at::stack(picture_), at::stack(colour_), kSheetZoom);
  }

 private:
  int64_t step_;
  std::vector<at::Tensor> gray_, picture_, colour_;
};

std::unique_ptr<Dataset> open_data(const std::string& path, int64_t tile) {
  if (is_cifar10(path)) return read_cifar10({path});
  return open_picture_folders({path}, tile, default_picture_cache());
}

std::vector<int64_t> range(int64_t first, int64_t count) {
  std::vector<int64_t> indices(count);
  std::iota(indices.begin(), indices.end(), first);
  return indices;
}

void evaluate_tiles(const EvaluationOptions& options, nlohmann::ordered_json& json) {
  GeneratedPictures generator(read_weights(find_weights(options.weights)));
  const auto data = open_data(options.data, generator.tile());
  Discriminator discriminator{nullptr};
  bool keeps_luma = false;  // what the discriminator was trained to see
  if (!options.discriminator.empty()) {
    const auto weights = read_weights(find_weights(options.discriminator));
    discriminator = Discriminator(discriminator_options(weights));
    load_weights(discriminator, weights);
    discriminator->eval();
    keeps_luma = nlohmann::json::parse(weights.header.provenance)
                     .value(nlohmann::json::json_pointer("/recipe/keep_luma"), false);
  }
  const int64_t count = std::min(options.limit, data->size());
  Scorers scorers(options);
  JudgementScores judgement;
  Sheet sheet(count);
  for (int64_t first = 0; first < count; first += kBatch) {
    const auto batch = make_batch(*data, range(first, std::min(kBatch, count - first)),
                                  generator.tile(), {}, 0, 0);
    const auto generated = generator.colour(batch.gray);
    scorers.add(
        {(batch.colour * 0.5 + 0.5).contiguous(), generated.picture, generated.own, batch.labels});
    if (!discriminator.is_empty()) {
      judgement.add(discriminator(batch.gray, batch.colour), true);
      const auto shown = generated.own.defined() ? generated.own : generated.picture;
      const auto own = shown * 2 - 1;
      judgement.add(discriminator(batch.gray, keeps_luma ? with_luma(batch.gray, own) : own),
                    false);
    }
    sheet.add(first, batch.gray, generated.picture, batch.colour);
  }
  scorers.put(json, data->class_names());
  if (!discriminator.is_empty()) {
    const auto answers = judgement.scores();
    json["d_accuracy"] = 100 * answers.accuracy;
    json["d_cross_entropy"] = answers.cross_entropy;
    json["d_precision"] = answers.precision;
    json["d_recall"] = answers.recall;
  }
  if (!options.sheet.empty()) sheet.write(options.sheet);
}

void evaluate_baselines(const EvaluationOptions& options, nlohmann::ordered_json& json) {
  const auto data = open_data(options.data, kBaselineTile);
  const int64_t count = std::min(options.limit, data->size());
  Baselines baselines;
  for (int64_t first = 0; first < count; first += kBatch) {
    const auto batch =
        make_batch(*data, range(first, std::min(kBatch, count - first)), kBaselineTile, {}, 0, 0);
    baselines.add((batch.colour * 0.5 + 0.5).contiguous());
  }
  json["pictures"] = count;
  json["baselines"] = baselines.json();
}

}  // namespace

nlohmann::ordered_json evaluate(const EvaluationOptions& options) {
  check(options);
  const at::NoGradGuard no_grad;
  nlohmann::ordered_json json;
  json["data"] = options.data;
  if (!options.weights.empty()) json["weights"] = options.weights;
  if (!options.results.empty()) json["results"] = options.results;
  if (!options.features.empty()) json["features_network"] = options.features;
  if (!options.discriminator.empty()) json["discriminator_weights"] = options.discriminator;
  if (!wants_tiles(options))
    evaluate_photographs(options, json);
  else if (!options.weights.empty())
    evaluate_tiles(options, json);
  else
    evaluate_baselines(options, json);
  return json;
}

}  // namespace cgan
