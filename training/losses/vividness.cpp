#include "training/losses/vividness.h"

#include <ATen/ATen.h>

#include "training/metrics/colour_difference.h"

namespace cgan {

at::Tensor vividness_of(const at::Tensor& picture) {
  const auto ratio = colourfulness(picture * 0.5 + 0.5) / kAverageColourfulness;
  return (at::log2(ratio.clamp_min(1e-3)) / 1.5).clamp(-1, 1);
}

at::Tensor colourfulness_loss(const at::Tensor& generated, const at::Tensor& original,
                              double share) {
  constexpr double kFloor = 0.01;
  const auto wanted = colourfulness(original * 0.5 + 0.5, kFloor).mean();
  return at::relu(share - colourfulness(generated * 0.5 + 0.5, kFloor).mean() / wanted);
}

}  // namespace cgan
