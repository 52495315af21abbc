#include "training/metrics/colour_consistency.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace cgan {
namespace {

constexpr int64_t kBins = 256;

at::Tensor histograms(const at::Tensor& frame) {
  const auto codes = (frame[0] * 255).round().to(at::kLong).flatten(1);
  std::vector<at::Tensor> counts;
  for (int64_t channel = 0; channel < 3; ++channel)
    counts.push_back(at::bincount(codes[channel], {}, kBins));
  return at::stack(counts).to(at::kDouble) / static_cast<double>(codes.size(1));
}

// Mean over the channels. With m = (p + q) / 2 the divergence is
// (sum p log p + sum q log q) / 2 - sum m log m, where 0 log 0 = 0.
double divergence(const at::Tensor& p, const at::Tensor& q) {
  const auto m = (p + q) / 2;
  const auto sum = (at::xlogy(p, p) + at::xlogy(q, q)) / 2 - at::xlogy(m, m);
  return sum.sum().item<double>() / 3;
}

}  // namespace

void ColourConsistency::add(const at::Tensor& frame) {
  const auto now = histograms(frame);
  for (size_t i = 0; i < kLags.size(); ++i) {
    if (recent_.size() < kLags[i]) continue;
    sums_[i] += divergence(recent_[recent_.size() - kLags[i]], now);
    ++pairs_[i];
  }
  recent_.push_back(now);
  if (recent_.size() > kLags.back()) recent_.pop_front();
}

std::optional<double> ColourConsistency::score() const {
  if (pairs_.back() == 0) return {};
  double mean = 0;
  for (size_t i = 0; i < kLags.size(); ++i) mean += sums_[i] / pairs_[i] / kLags.size();
  return mean;
}

}  // namespace cgan
