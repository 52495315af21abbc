#include "training/metrics/hue_scores.h"

#include <ATen/ATen.h>

#include "training/metrics/colour_difference.h"

namespace cgan {

at::Tensor hue_of(const at::Tensor& rgb, const at::Tensor& lab) {
  const auto r = rgb.select(-3, 0), g = rgb.select(-3, 1), b = rgb.select(-3, 2);
  const auto largest = rgb.amax(-3), span = (largest - rgb.amin(-3)).clamp_min(1e-12);
  // Sixths of the circle, -1..5: the usual three branches of HSV.
  auto sixth = at::where(largest == r, (g - b) / span,
                         at::where(largest == g, (b - r) / span + 2, (r - g) / span + 4));
  const auto hue = (sixth + 0.5).floor().remainder(kHues).to(at::kLong);
  const auto chroma = at::hypot(lab.select(-3, 1), lab.select(-3, 2));
  return at::where(chroma > kLeastChroma, hue, at::full_like(hue, kHues));
}

void HueScores::add(const at::Tensor& predicted_rgb, const at::Tensor& predicted_lab,
                    const at::Tensor& original_rgb, const at::Tensor& original_lab) {
  const auto predicted = hue_of(predicted_rgb, predicted_lab).flatten();
  const auto original = hue_of(original_rgb, original_lab).flatten();
  const auto distance = chroma_distance(predicted_lab, original_lab).flatten().to(at::kDouble);
  const auto hits = original.masked_select(original == predicted);
  const auto error = at::bincount(original, distance, kHues + 1).cpu();
  const auto of_original = at::bincount(original, {}, kHues + 1).cpu();
  const auto of_predicted = at::bincount(predicted, {}, kHues + 1).cpu();
  const auto hit = at::bincount(hits, {}, kHues + 1).cpu();
  for (int64_t hue = 0; hue < kHues; ++hue) {
    error_[hue] += error[hue].item<double>();
    original_[hue] += of_original[hue].item<int64_t>();
    predicted_[hue] += of_predicted[hue].item<int64_t>();
    hit_[hue] += hit[hue].item<int64_t>();
  }
  pixels_ += original.numel();
}

std::array<HueScore, kHues> HueScores::scores() const {
  std::array<HueScore, kHues> scores;
  if (pixels_ == 0) return scores;
  for (int64_t hue = 0; hue < kHues; ++hue) {
    auto& score = scores[hue];
    score.share = static_cast<double>(original_[hue]) / pixels_;
    score.predicted_share = static_cast<double>(predicted_[hue]) / pixels_;
    if (original_[hue] == 0) continue;
    score.error = error_[hue] / original_[hue];
    score.hit = static_cast<double>(hit_[hue]) / original_[hue];
  }
  return scores;
}

}  // namespace cgan
