#include "training/losses/adversarial.h"

#include <ATen/ATen.h>

#include <stdexcept>

namespace cgan {

Adversarial adversarial_from_string(const std::string& name) {
  if (name == "bce") return Adversarial::kBce;
  if (name == "hinge") return Adversarial::kHinge;
  throw std::invalid_argument("the adversarial loss is 'bce' or 'hinge', not '" + name + "'");
}

at::Tensor discriminator_loss(Adversarial kind, const at::Tensor& original,
                              const at::Tensor& generated, double smoothing) {
  if (kind == Adversarial::kHinge)
    return at::relu(1 - original).mean() + at::relu(1 + generated).mean();
  // -log sigmoid(x) = softplus(-x), which cannot overflow.
  auto loss = at::softplus(-original).mean() + at::softplus(generated).mean();
  if (smoothing > 0) loss = loss + smoothing * original.mean();
  return loss;
}

at::Tensor generator_loss(Adversarial kind, const at::Tensor& generated) {
  return kind == Adversarial::kHinge ? -generated.mean() : at::softplus(-generated).mean();
}

}  // namespace cgan
