#pragma once

#include <ATen/core/Tensor.h>

#include <string>

/// Adversarial terms of equations 2 and 3. Logits are the discriminator's output before the
/// sigmoid, (N), float32; every result is a scalar with gradient.
namespace cgan {

enum class Adversarial {
  kBce,    ///< Binary cross-entropy, the report's.
  kHinge,  ///< Hinge (Lim and Ye 2017; Miyato et al., ICLR 2018).
};
/// @throws std::invalid_argument for any name but "bce" and "hinge".
Adversarial adversarial_from_string(const std::string& name);

/// What the discriminator minimises.
///   kBce:   -E[t log D(y) + (1 - t) log(1 - D(y))] - E[log(1 - D(G))], t = 1 - smoothing
///           (one-sided label smoothing, Salimans et al. 2016)
///   kHinge: E[max(0, 1 - D(y))] + E[max(0, 1 + D(G))], D the logit
/// @param smoothing 0..1, without effect on kHinge
at::Tensor discriminator_loss(Adversarial kind, const at::Tensor& original,
                              const at::Tensor& generated, double smoothing);

/// What the generator minimises.
///   kBce:   -E[log D(G)], the form that does not saturate
///   kHinge: -E[D(G)], D the logit
at::Tensor generator_loss(Adversarial kind, const at::Tensor& generated);

}  // namespace cgan
