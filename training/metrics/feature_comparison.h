#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "training/losses/feature_network.h"
#include "training/metrics/picture_scores.h"

namespace cgan {

/// Shows originals, coloured and grey pictures to a feature network and compares what it sees.
/// Thread-safety: one thread at a time.
class FeatureComparison {
 public:
  explicit FeatureComparison(std::shared_ptr<FeatureNetwork> network);
  ~FeatureComparison();

  void add(const ScoredPictures& pictures);

  /// Plain keys:
  ///   fid, fid_grey, fid_own       of the element's picture, grey and the network's own RGB
  ///                                (left out where it has none) against the originals
  ///   fid_ratio                    fid / fid_grey
  ///   inception_score, inception_score_original, inception_score_grey
  ///   precision, recall            see coverage(), of the element's picture
  ///   recognised, recognised_original, recognised_grey   per cent of pictures whose class the
  ///                                network names; left out where there are no labels or the
  ///                                network has fewer classes
  ///   probability, probability_original, probability_grey   per cent, mean over pictures of what
  ///                                the network gives the true class; left out likewise
  ///   recovery_top1, recovery_soft semantic recovery: (picture - grey) / (original - grey) of
  ///                                recognised and of probability; 1: the colours tell as much as
  ///                                the original's, below 0: they mislead; left out likewise, and
  ///                                where the originals are not known better than grey
  ///   recovery_answer              recovery_soft with the class that the network sees in the
  ///                                original as the true one: it needs no labels
  nlohmann::ordered_json json() const;

 private:
  enum Kind { kOriginal, kPicture, kGrey, kOwn, kKinds };
  std::shared_ptr<FeatureNetwork> network_;
  std::array<std::vector<at::Tensor>, kKinds> features_, logits_;
  std::vector<at::Tensor> labels_;
};

}  // namespace cgan
