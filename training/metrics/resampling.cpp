#include "training/metrics/resampling.h"

#include <ATen/ATen.h>

namespace cgan {

at::Tensor area_weights(int64_t from, int64_t to) {
  // In units of 1/to of a source pixel borders are whole numbers.
  const auto target = at::arange(to, at::kLong).unsqueeze(1) * from;
  const auto source = at::arange(from, at::kLong).unsqueeze(0) * to;
  const auto overlap = at::minimum(target + from, source + to) - at::maximum(target, source);
  return (overlap.clamp_min(0).to(at::kDouble) / static_cast<double>(from)).to(at::kFloat);
}

at::Tensor linear_weights(int64_t samples, double cells, int64_t to) {
  const auto centre = (at::arange(to, at::kDouble) + 0.5) * (cells / static_cast<double>(to)) - 0.5;
  const auto position = centre.clamp(0, static_cast<double>(samples - 1)).unsqueeze(1);
  const auto distance = (at::arange(samples, at::kDouble) - position).abs();
  return (1 - distance).clamp_min(0).to(at::kFloat);
}

}  // namespace cgan
