#include "training/recipe/adam.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

namespace cgan {

Adam::Adam(const std::vector<at::Tensor>& parameters, const AdamOptions& options)
    : options_(options) {
  for (const auto& parameter : parameters) {
    if (!parameter.is_non_overlapping_and_dense() || parameter.scalar_type() != at::kFloat)
      throw std::invalid_argument("Adam takes float32 parameters without holes in memory");
    parameters_.push_back(parameter.detach());
    m_.push_back(at::zeros_like(parameters_.back()));
    v_.push_back(at::zeros_like(parameters_.back()));
  }
  rate_factors_.assign(parameters_.size(), 1.0);
  steps_.assign(parameters_.size(), 0);
}

std::vector<at::Tensor> Adam::in_parameter_order(std::vector<at::Tensor> gradients) const {
  for (size_t i = 0; i < gradients.size(); ++i) {
    auto& gradient = gradients[i];
    if (rate_factors_[i] == 0)
      gradient.reset();
    else if (!gradient.defined())
      gradient = at::zeros_like(parameters_[i]);
    else if (gradient.strides() != parameters_[i].strides())
      gradient = at::empty_like(parameters_[i]).copy_(gradient);
  }
  return gradients;
}

void Adam::begin(std::vector<Gradients> gradients, double learning_rate,
                 std::vector<at::Tensor> average, double decay) {
  gradients_ = std::move(gradients);
  learning_rate_ = learning_rate;
  average_ = std::move(average);
  decay_ = decay;
  for (size_t i = 0; i < steps_.size(); ++i) steps_[i] += rate_factors_[i] != 0 ? 1 : 0;
}

void Adam::update(int64_t part, int64_t parts) {
  if (parameters_.empty()) return;
  if (!parameters_[0].is_cpu()) {
    if (part == 0) update_on_device();
    return;
  }
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (rate_factors_[i] == 0) continue;
    // Parts begin at whole cache lines, so that no two workers write to the same one.
    const int64_t count = parameters_[i].numel(), lines = (count + 15) / 16;
    update_on_cpu(i, lines * part / parts * 16, std::min(count, lines * (part + 1) / parts * 16));
  }
}

void Adam::update_on_cpu(size_t parameter, int64_t first, int64_t last) {
  const auto beta1 = static_cast<float>(options_.beta1);
  const auto beta2 = static_cast<float>(options_.beta2);
  const auto epsilon = static_cast<float>(options_.epsilon);
  const double own_rate = learning_rate_ * rate_factors_[parameter];
  const auto steps = static_cast<double>(steps_[parameter]);
  const auto rate = static_cast<float>(own_rate / (1 - std::pow(options_.beta1, steps)));
  const auto shrink = static_cast<float>(1 - own_rate * options_.weight_decay);
  const auto root_scale = static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, steps)));
  const auto keep = static_cast<float>(1 - decay_);

  // Small enough to stay in the first cache between the passes over it.
  constexpr int64_t kBlock = 1024;
  float sum[kBlock];
  for (int64_t start = first; start < last; start += kBlock) {
    const int64_t count = std::min(kBlock, last - start);
    std::fill_n(sum, count, 0.0f);
    for (const auto& gradients : gradients_) {
      const float* g = gradients.of[parameter].data_ptr<float>() + start;
      const auto weight = static_cast<float>(gradients.weight);
#pragma omp simd
      for (int64_t i = 0; i < count; ++i) sum[i] += weight * g[i];
    }
    float* p = parameters_[parameter].data_ptr<float>() + start;
    float* m = m_[parameter].data_ptr<float>() + start;
    float* v = v_[parameter].data_ptr<float>() + start;
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      m[i] = beta1 * m[i] + (1 - beta1) * sum[i];
      v[i] = beta2 * v[i] + (1 - beta2) * sum[i] * sum[i];
      p[i] = shrink * p[i] - rate * m[i] / (std::sqrt(v[i]) * root_scale + epsilon);
    }
    if (average_.empty()) continue;
    float* average = average_[parameter].data_ptr<float>() + start;
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) average[i] += keep * (p[i] - average[i]);
  }
}

void Adam::update_on_device() {
  // Few launches for many parameters: those of one rate and one number of steps together.
  std::map<std::pair<double, int64_t>, std::vector<size_t>> groups;
  for (size_t i = 0; i < parameters_.size(); ++i)
    if (rate_factors_[i] != 0) groups[{rate_factors_[i], steps_[i]}].push_back(i);
  for (const auto& [key, members] : groups) {
    const auto& [factor, steps] = key;
    const auto of = [&members = members](const std::vector<at::Tensor>& all) {
      std::vector<at::Tensor> some;
      for (const size_t i : members) some.push_back(all[i]);
      return some;
    };
    const double own_rate = learning_rate_ * factor;
    const double rate = own_rate / (1 - std::pow(options_.beta1, static_cast<double>(steps)));
    const double root_scale =
        1 / std::sqrt(1 - std::pow(options_.beta2, static_cast<double>(steps)));
    auto sum = at::_foreach_mul(of(gradients_[0].of), gradients_[0].weight);
    for (size_t k = 1; k < gradients_.size(); ++k)
      at::_foreach_add_(sum, of(gradients_[k].of), gradients_[k].weight);
    const auto p = of(parameters_), m = of(m_), v = of(v_);
    at::_foreach_mul_(m, options_.beta1);
    at::_foreach_add_(m, sum, 1 - options_.beta1);
    at::_foreach_mul_(v, options_.beta2);
    at::_foreach_addcmul_(v, sum, sum, 1 - options_.beta2);
    auto deviation = at::_foreach_sqrt(v);
    at::_foreach_mul_(deviation, root_scale);
    at::_foreach_add_(deviation, options_.epsilon);
    at::_foreach_mul_(p, 1 - own_rate * options_.weight_decay);
    at::_foreach_addcdiv_(p, m, deviation, -rate);
    if (average_.empty()) continue;
    const auto average = of(average_);
    at::_foreach_mul_(average, decay_);
    at::_foreach_add_(average, p, 1 - decay_);
  }
}

void Adam::end() {
  gradients_.clear();
  average_.clear();
}

}  // namespace cgan
