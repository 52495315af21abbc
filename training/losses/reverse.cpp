#include "training/losses/reverse.h"

#include <ATen/ATen.h>

#include <stdexcept>

#include "model/colour.h"

namespace cgan {

Reverse reverse_from_string(const std::string& name) {
  if (name == "off") return Reverse::kOff;
  if (name == "spread") return Reverse::kSpread;
  if (name == "ascent") return Reverse::kAscent;
  throw std::invalid_argument("reverse training is 'off', 'spread' or 'ascent', not '" + name +
                              "'");
}

at::Tensor coarse_chroma(const at::Tensor& pictures) {
  const int64_t height = pictures.size(2) / 4, width = pictures.size(3) / 4;
  const auto lab = rgb_to_lab(pictures * 0.5 + 0.5);
  return at::avg_pool2d(lab.narrow(1, 1, 2), {height, width}).flatten(1);
}

at::Tensor chroma_spread(const at::Tensor& chroma) {
  const int64_t count = chroma.size(0);
  const auto difference = chroma.unsqueeze(1) - chroma.unsqueeze(0);
  // The small number keeps the root's slope finite on the diagonal, where the distance is 0.
  const auto distance = at::sqrt(difference.square().sum(2) + 1e-12);
  return (distance.sum() - 1e-6 * count) / static_cast<double>(count * (count - 1));
}

at::Tensor reverse_spread_loss(const at::Tensor& generated, const at::Tensor& original) {
  if (generated.size(0) < 2) return at::zeros({}, generated.options());
  const auto wanted = chroma_spread(coarse_chroma(original)).item<double>();
  if (wanted < 1e-3) return at::zeros({}, generated.options());
  return at::relu(1 - chroma_spread(coarse_chroma(generated)) / wanted);
}

at::Tensor reverse_ascent_loss(const at::Tensor& generated, double limit) {
  const auto distance = (generated - generated.mean(0, true)).abs().mean();
  return -distance.clamp_max(limit);
}

}  // namespace cgan
