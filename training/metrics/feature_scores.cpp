#include "training/metrics/feature_scores.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace cgan {
namespace {

constexpr int64_t kRowsAtOnce = 500;
// at::cdist's name for "differences, not a matrix product": the product loses small distances.
constexpr int64_t kExactDistances = 2;

void check(const at::Tensor& first, const at::Tensor& second, int64_t least) {
  if (first.dim() != 2 || second.dim() != 2 || first.size(1) != second.size(1))
    throw std::invalid_argument("two sets of features must be (N, F) and (M, F) with one F");
  if (first.size(0) < least || second.size(0) < least)
    throw std::invalid_argument("at least " + std::to_string(least) +
                                " pictures of each kind are needed, not " +
                                std::to_string(std::min(first.size(0), second.size(0))));
}

at::Tensor covariance(const at::Tensor& features) {
  const auto centred = features - features.mean(0, true);
  return centred.t().matmul(centred) / static_cast<double>(features.size(0) - 1);
}

// Root of a symmetric matrix without negative eigenvalues (rounding makes some of -1e-16).
at::Tensor root(const at::Tensor& matrix) {
  const auto [values, vectors] = at::linalg_eigh(matrix);
  return (vectors * values.clamp_min(0).sqrt()).matmul(vectors.t());
}

// (N): distance of each row to its k-th nearest other row.
at::Tensor neighbour_radius(const at::Tensor& features, int64_t k) {
  std::vector<at::Tensor> radius;
  for (const auto& rows : features.split(kRowsAtOnce)) {
    const auto distance = at::cdist(rows, features, 2, kExactDistances);
    // The nearest one is the row itself.
    radius.push_back(std::get<0>(distance.kthvalue(k + 1, 1)));
  }
  return at::cat(radius);
}

double share_among(const at::Tensor& candidates, const at::Tensor& set, int64_t k) {
  const auto radius = neighbour_radius(set, k).unsqueeze(0);
  int64_t among = 0;
  for (const auto& rows : candidates.split(kRowsAtOnce))
    among += (at::cdist(rows, set, 2, kExactDistances) <= radius).any(1).sum().item<int64_t>();
  return static_cast<double>(among) / candidates.size(0);
}

}  // namespace

double frechet_distance(const at::Tensor& first, const at::Tensor& second) {
  check(first, second, 2);
  const auto a = first.to(at::kDouble), b = second.to(at::kDouble);
  const auto covariance_a = covariance(a), covariance_b = covariance(b);
  // tr((Sa Sb)^(1/2)) = sum of the roots of the eigenvalues of Sa^(1/2) Sb Sa^(1/2), which is
  // symmetric: no complex numbers appear, as they do with a general matrix root.
  const auto root_a = root(covariance_a);
  const auto product = root_a.matmul(covariance_b).matmul(root_a);
  const auto cross = at::linalg_eigvalsh((product + product.t()) / 2).clamp_min(0).sqrt().sum();
  const auto distance = (a.mean(0) - b.mean(0)).square().sum() + covariance_a.trace() +
                        covariance_b.trace() - 2 * cross;
  return std::max(0.0, distance.item<double>());
}

double inception_score(const at::Tensor& logits) {
  if (logits.dim() != 2 || logits.size(0) == 0)
    throw std::invalid_argument("the inception score needs logits of shape (N, classes)");
  const auto log_p = at::log_softmax(logits.to(at::kDouble), 1);
  const auto p = log_p.exp();
  const auto log_mean = p.mean(0, true).clamp_min(1e-300).log();
  return std::exp((p * (log_p - log_mean)).sum(1).mean().item<double>());
}

Coverage coverage(const at::Tensor& original, const at::Tensor& generated, int64_t k) {
  check(original, generated, k + 1);
  const auto a = original.to(at::kDouble), b = generated.to(at::kDouble);
  return {share_among(b, a, k), share_among(a, b, k)};
}

}  // namespace cgan
