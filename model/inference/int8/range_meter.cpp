#include "model/inference/int8/range_meter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace cgan {
namespace {

constexpr int64_t kBins = 4096;  // even: none of them reaches across 0
constexpr int kCandidates = 64;  // for each end of the range
constexpr double kSteps = 255;

// Sums over the bins before each one.
struct Moments {
  explicit Moments(const std::vector<int64_t>& counts, double limit) {
    for (size_t i = 0; i < counts.size(); ++i) {
      const double value = limit * (2 * (static_cast<double>(i) + 0.5) / kBins - 1);
      const auto n = static_cast<double>(counts[i]);
      const double parts[] = {n, n * value, n * value * value};
      for (size_t k = 0; k < sums.size(); ++k) sums[k][i + 1] = sums[k][i] + parts[k];
    }
  }

  // Sum of (value - end)^2 over the bins first .. last - 1.
  double error(int64_t first, int64_t last, double end) const {
    const auto between = [&](size_t k) {
      return sums[k][static_cast<size_t>(last)] - sums[k][static_cast<size_t>(first)];
    };
    return between(2) - 2 * end * between(1) + end * end * between(0);
  }

  std::array<std::array<double, kBins + 1>, 3> sums = {};
};

}  // namespace

void RangeMeter::widen(float largest) {
  if (counts_.empty()) {
    counts_.assign(kBins, 0);
    limit_ = std::exp2(std::ceil(std::log2(largest)));
  }
  // Twice the width: two bins become one, towards the middle.
  for (; limit_ < largest; limit_ *= 2) {
    std::vector<int64_t> merged(kBins, 0);
    for (int64_t i = 0; i < kBins; ++i)
      merged[static_cast<size_t>(kBins / 4 + i / 2)] += counts_[static_cast<size_t>(i)];
    counts_ = merged;
  }
}

void RangeMeter::add(const at::Tensor& output) {
  const auto values = output.permute({0, 2, 3, 1}).contiguous();  // no copy where channels_last
  const float* const first = values.data_ptr<float>();
  const float* const last = first + values.numel();
  float largest = 0;
  for (const float* v = first; v != last; ++v)
    if (std::isfinite(*v)) largest = std::max(largest, std::abs(*v));
  if (largest == 0) return;
  widen(largest);
  const double bins = kBins / (2 * limit_);
  for (const float* v = first; v != last; ++v) {
    if (*v == 0 || !std::isfinite(*v)) continue;
    const auto bin = static_cast<int64_t>((*v + limit_) * bins);
    ++counts_[static_cast<size_t>(std::min(bin, kBins - 1))];
  }
}

ActivationRange RangeMeter::range() const {
  if (counts_.empty()) return {0, 1};
  const auto seen = [](int64_t count) { return count > 0; };
  const int64_t below =
      kBins / 2 - (std::find_if(counts_.begin(), counts_.end(), seen) - counts_.begin());
  const int64_t above =
      kBins / 2 - (std::find_if(counts_.rbegin(), counts_.rend(), seen) - counts_.rbegin());
  const auto moments = std::make_unique<Moments>(counts_, limit_);
  const double width = 2 * limit_ / kBins;
  ActivationRange best = {0, 1};
  double least = INFINITY;
  // Ends are given as bins from 0. A side on which nothing was seen has the end 0 throughout.
  const auto ends = [](int64_t furthest) {
    std::vector<int64_t> ends;
    for (int i = 1; i <= kCandidates; ++i) {
      const int64_t end = (std::max<int64_t>(furthest, 0) * i + kCandidates - 1) / kCandidates;
      if (ends.empty() || ends.back() != end) ends.push_back(end);
    }
    return ends;
  };
  for (const int64_t low : ends(below))
    for (const int64_t high : ends(above)) {
      const double from = width * static_cast<double>(-low);
      const double to = width * static_cast<double>(high);
      const double step = (to - from) / kSteps;
      const int64_t first = kBins / 2 - low, last = kBins / 2 + high;
      const double inside = moments->sums[0][static_cast<size_t>(last)] -
                            moments->sums[0][static_cast<size_t>(first)];
      const double error = moments->error(0, first, from) + moments->error(last, kBins, to) +
                           inside * step * step / 12;
      if (error < least) {
        least = error;
        best = {static_cast<float>(from), static_cast<float>(to)};
      }
    }
  return best;
}

}  // namespace cgan
