#include "training/metrics/evaluation.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <vector>

#include "model/colour.h"
#include "model/discriminator.h"
#include "model/network_weights.h"
#include "model/weights.h"
#include "training/data/batches.h"
#include "training/data/cifar10.h"
#include "training/data/picture_folder.h"
#include "training/losses/colour_terms.h"
#include "training/metrics/colour_difference.h"
#include "training/metrics/feature_comparison.h"
#include "training/metrics/generated_pictures.h"
#include "training/metrics/judgement_scores.h"
#include "training/metrics/picture_scores.h"
#include "training/metrics/result_pictures.h"
#include "training/recipe/picture_grid.h"

namespace cgan {
namespace {

constexpr int64_t kBatch = 200, kSheetRows = 16, kSheetZoom = 3, kBaselineTile = 32;

void check(const EvaluationOptions& options) {
  if (options.data.empty()) throw std::invalid_argument("name the originals with --data");
  if (!options.weights.empty() && !options.results.empty())
    throw std::invalid_argument("--weights and --results exclude each other: choose one");
  if (options.weights.empty() && options.results.empty() && !options.baselines)
    throw std::invalid_argument("nothing to score: add --weights, --results or --baselines");
  if (options.weights.empty() && !(options.discriminator.empty() && options.sheet.empty()))
    throw std::invalid_argument("--discriminator and --sheet need --weights");
  if (options.weights.empty() && options.results.empty() && !options.features.empty())
    throw std::invalid_argument("--features needs --weights or --results");
  if (options.limit < 1) throw std::invalid_argument("--limit must be at least 1");
}

// Grey and the mean colour, the two answers that need no network.
class Baselines {
 public:
  void add(const at::Tensor& original) { lab_.push_back(rgb_to_lab(original)); }

  nlohmann::ordered_json json() const {
    at::Tensor sum = at::zeros({2}, at::kDouble);
    int64_t pixels = 0;
    for (const auto& lab : lab_) {
      sum += lab.narrow(1, 1, 2).sum(at::IntArrayRef{0, 2, 3}, false, at::kDouble);
      pixels += lab.numel() / 3;
    }
    const auto mean = (sum / static_cast<double>(pixels)).to(at::kFloat);
    nlohmann::ordered_json json;
    json["grey"] = score(at::zeros({2}));
    json["mean_colour"] = score(mean);
    return json;
  }

 private:
  nlohmann::ordered_json score(const at::Tensor& colour) const {
    LabMetrics metrics;
    double difference = 0;
    for (const auto& lab : lab_) {
      const auto chroma = colour.view({1, 2, 1, 1}).expand_as(lab.narrow(1, 1, 2));
      const auto flat = at::cat({lab.narrow(1, 0, 1), chroma}, 1);
      metrics.add(flat, lab);
      difference += ciede2000(flat, lab).sum(at::kDouble).item<double>();
    }
    const auto scores = metrics.scores();
    return {{"mae", scores.mae},
            {"accuracy_2", scores.accuracy_2},
            {"accuracy_5", scores.accuracy_5},
            {"ciede2000", difference / metrics.pixels()}};
  }

  std::vector<at::Tensor> lab_;
};

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

struct Scorers {
  PictureScores pictures;
  std::optional<FeatureComparison> features;
  std::optional<Baselines> baselines;

  explicit Scorers(const EvaluationOptions& options) {
    if (!options.features.empty()) features.emplace(FeatureNetwork::load(options.features));
    if (options.baselines) baselines.emplace();
  }

  void add(const ScoredPictures& scored) {
    pictures.add(scored);
    if (features) features->add(scored);
    if (baselines) baselines->add(scored.original);
  }

  void put(nlohmann::ordered_json& json, const std::vector<std::string>& class_names) const {
    json.update(pictures.json(class_names));
    if (features) json.update(features->json());
    if (baselines) json["baselines"] = baselines->json();
  }
};

// A file or a folder with files that end in .bin is CIFAR-10, any other folder holds pictures.
std::unique_ptr<Dataset> open_data(const std::string& path, int64_t tile) {
  namespace fs = std::filesystem;
  const auto is_batch = [](const fs::directory_entry& entry) {
    return entry.path().extension() == ".bin";
  };
  std::error_code error;
  const fs::directory_iterator entries(path, error);
  if (error || std::any_of(begin(entries), end(entries), is_batch)) return read_cifar10({path});
  return open_picture_folders({path}, tile, default_picture_cache());
}

std::vector<int64_t> range(int64_t first, int64_t count) {
  std::vector<int64_t> indices(count);
  std::iota(indices.begin(), indices.end(), first);
  return indices;
}

void evaluate_generator(const EvaluationOptions& options, nlohmann::ordered_json& json) {
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
      const auto own = generated.own * 2 - 1;
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

void evaluate_results(const EvaluationOptions& options, nlohmann::ordered_json& json) {
  const ResultPictures results(options.results, options.data);
  Scorers scorers(options);
  const int64_t count = std::min(options.limit, results.size());
  for (int64_t i = 0; i < count; ++i) scorers.add(results.read(i));
  scorers.put(json, {});
  json["originals_without_result"] = results.left_out();
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
  if (!options.weights.empty())
    evaluate_generator(options, json);
  else if (!options.results.empty())
    evaluate_results(options, json);
  else
    evaluate_baselines(options, json);
  return json;
}

}  // namespace cgan
