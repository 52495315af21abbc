#include "training/losses/colourfulness.h"

#include <ATen/ATen.h>

namespace cgan {

at::Tensor colourfulness(const at::Tensor& rgb, double floor) {
  const auto r = rgb.select(1, 0), g = rgb.select(1, 1), b = rgb.select(1, 2);
  const auto red_green = ((r - g) * 255).flatten(1);
  const auto yellow_blue = (((r + g) / 2 - b) * 255).flatten(1);
  const auto variance = red_green.var(1, false) + yellow_blue.var(1, false);
  const auto mean = red_green.mean(1).square() + yellow_blue.mean(1).square();
  return (variance + floor).sqrt() + 0.3 * (mean + floor).sqrt();
}

at::Tensor vividness_of(const at::Tensor& picture) {
  const auto ratio = colourfulness(picture * 0.5 + 0.5) / kAverageColourfulness;
  return (at::log2(ratio.clamp_min(1e-3)) / 1.5).clamp(-1, 1);
}

at::Tensor colourfulness_loss(const at::Tensor& generated, const at::Tensor& original, double share,
                              double power) {
  constexpr double kFloor = 0.01;
  const auto mean_power = [power](const at::Tensor& picture) {
    return colourfulness(picture * 0.5 + 0.5, kFloor).pow(power).mean();
  };
  return at::relu(share - (mean_power(generated) / mean_power(original)).pow(1 / power));
}

}  // namespace cgan
