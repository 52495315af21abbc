#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

/// Distances between two sets of pictures, taken from what a classifier sees in them. Everything
/// here depends on the classifier, on the number of pictures and on how they were resized:
/// compare numbers only where all three are the same.
namespace cgan {

/// Fréchet inception distance (Heusel et al. 2017): |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) of
/// the normal distributions with the sets' means and (N - 1) covariances. Computed in double.
/// @param first (N, F), second (M, F): features; N, M >= 2
/// @return >= 0
/// @throws std::invalid_argument where the shapes do not fit.
double frechet_distance(const at::Tensor& first, const at::Tensor& second);

/// Inception score (Salimans et al. 2016): exp of the mean of KL(p(y|x) || p(y)), over the whole
/// set at once, not over splits. @param logits (N, classes) @return 1..classes
double inception_score(const at::Tensor& logits);

/// Improved precision and recall (Kynkaanniemi et al. 2019).
struct Coverage {
  double precision = 0;  ///< Share of generated pictures that lie among the originals, 0..1.
  double recall = 0;     ///< Share of originals that lie among the generated pictures, 0..1.
};

/// A picture lies among a set when it is no farther from one of the set's pictures than that one is
/// from its k-th nearest neighbour in the set.
/// @param original (N, F), generated (M, F): features; N, M > k
/// @param k neighbours; the paper's value is 3
/// @throws std::invalid_argument where the shapes do not fit.
Coverage coverage(const at::Tensor& original, const at::Tensor& generated, int64_t k = 3);

}  // namespace cgan
