#include "training/metrics/feature_comparison.h"

#include <ATen/ATen.h>

#include "training/metrics/feature_scores.h"

namespace cgan {

FeatureComparison::FeatureComparison(std::shared_ptr<FeatureNetwork> network)
    : network_(std::move(network)) {}

FeatureComparison::~FeatureComparison() = default;

void FeatureComparison::add(const ScoredPictures& pictures) {
  const auto see = [&](Kind kind, const at::Tensor& rgb) {
    const auto seen = network_->forward(rgb);
    features_[kind].push_back(seen.features);
    logits_[kind].push_back(seen.logits);
  };
  see(kOriginal, pictures.original);
  see(kPicture, pictures.picture);
  see(kGrey, grey_picture(pictures.original).contiguous());
  if (pictures.own.defined()) see(kOwn, pictures.own);
  labels_.push_back(pictures.labels);
}

nlohmann::ordered_json FeatureComparison::json() const {
  std::array<at::Tensor, kKinds> features, logits;
  for (int kind = 0; kind < kKinds; ++kind) {
    if (features_[kind].empty()) continue;
    features[kind] = at::cat(features_[kind]);
    logits[kind] = at::cat(logits_[kind]);
  }
  nlohmann::ordered_json json;
  const double fid = frechet_distance(features[kPicture], features[kOriginal]);
  const double fid_grey = frechet_distance(features[kGrey], features[kOriginal]);
  json["fid"] = fid;
  json["fid_grey"] = fid_grey;
  if (features[kOwn].defined())
    json["fid_own"] = frechet_distance(features[kOwn], features[kOriginal]);
  json["fid_ratio"] = fid_grey == 0 ? 0 : fid / fid_grey;
  json["inception_score"] = inception_score(logits[kPicture]);
  json["inception_score_original"] = inception_score(logits[kOriginal]);
  json["inception_score_grey"] = inception_score(logits[kGrey]);
  const auto covered = coverage(features[kOriginal], features[kPicture]);
  json["precision"] = covered.precision;
  json["recall"] = covered.recall;

  const auto recovery = [](double picture, double original, double grey) {
    return (picture - grey) / (original - grey);
  };
  const auto probability_of = [&](const at::Tensor& classes) {
    return [&logits, classes](Kind kind) {
      const auto all = logits[kind].to(at::kDouble).softmax(1);
      return all.gather(1, classes.unsqueeze(1)).mean().item<double>();
    };
  };
  const auto answered = probability_of(logits[kOriginal].argmax(1));
  if (answered(kOriginal) > answered(kGrey))
    json["recovery_answer"] = recovery(answered(kPicture), answered(kOriginal), answered(kGrey));

  const auto labels = at::cat(labels_);
  if ((labels >= 0).all().item<bool>() &&
      labels.max().item<int64_t>() < logits[kOriginal].size(1)) {
    const auto recognised = [&](Kind kind) {
      return logits[kind].argmax(1).eq(labels).to(at::kDouble).mean().item<double>();
    };
    const auto put = [&](const std::string& name, const std::string& recovery_name,
                         const auto& measure) {
      const double picture = measure(kPicture), original = measure(kOriginal);
      const double grey = measure(kGrey);
      json[name] = 100 * picture;
      json[name + "_original"] = 100 * original;
      json[name + "_grey"] = 100 * grey;
      if (original > grey) json[recovery_name] = recovery(picture, original, grey);
    };
    put("recognised", "recovery_top1", recognised);
    put("probability", "recovery_soft", probability_of(labels));
  }
  return json;
}

}  // namespace cgan
