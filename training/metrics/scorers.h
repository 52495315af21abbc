#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "training/metrics/evaluation.h"
#include "training/metrics/feature_comparison.h"
#include "training/metrics/picture_scores.h"

namespace cgan {

/// Grey and the mean colour of the data, the two answers that need no network.
/// Thread-safety: one thread at a time.
class Baselines {
 public:
  /// @param original (N, 3, H, W), RGB, 0..1
  void add(const at::Tensor& original);
  /// `grey` and `mean_colour`, each with `mae`, `accuracy_2`, `accuracy_5`, `ciede2000` at the
  /// original's L. Needs at least one picture.
  nlohmann::ordered_json json() const;

 private:
  nlohmann::ordered_json score(const at::Tensor& colour) const;

  std::vector<at::Tensor> lab_;
};

/// The measures that the options ask for, together.
/// Thread-safety: one thread at a time.
class Scorers {
 public:
  /// @throws std::runtime_error where the feature network cannot be read.
  explicit Scorers(const EvaluationOptions& options);

  void add(const ScoredPictures& scored);
  /// Pictures seen so far.
  int64_t count() const { return count_; }
  /// Needs at least one picture.
  void put(nlohmann::ordered_json& json, const std::vector<std::string>& class_names) const;

 private:
  PictureScores pictures_;
  std::optional<FeatureComparison> features_;
  std::optional<Baselines> baselines_;
  int64_t count_ = 0;
};

}  // namespace cgan
