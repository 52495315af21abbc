#include "training/metrics/scorers.h"

#include <ATen/ATen.h>

#include "model/colour.h"
#include "training/metrics/colour_difference.h"
#include "training/metrics/lab_metrics.h"

namespace cgan {

void Baselines::add(const at::Tensor& original) {
  lab_.push_back(rgb_to_lab(original));
}

nlohmann::ordered_json Baselines::json() const {
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

nlohmann::ordered_json Baselines::score(const at::Tensor& colour) const {
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

Scorers::Scorers(const EvaluationOptions& options) {
  if (!options.features.empty()) features_.emplace(FeatureNetwork::load(options.features));
  if (options.baselines) baselines_.emplace();
}

void Scorers::add(const ScoredPictures& scored) {
  pictures_.add(scored);
  if (features_) features_->add(scored);
  if (baselines_) baselines_->add(scored.original);
  count_ += scored.original.size(0);
}

void Scorers::put(nlohmann::ordered_json& json, const std::vector<std::string>& class_names) const {
  json.update(pictures_.json(class_names));
  if (features_) json.update(features_->json());
  if (baselines_) json["baselines"] = baselines_->json();
}

}  // namespace cgan
