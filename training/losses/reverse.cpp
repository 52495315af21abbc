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

at::Tensor coarse_chroma(const at::Tensor& lab) {
  return at::adaptive_avg_pool2d(lab.narrow(1, 1, 2), {4, 4}).flatten(1);
}

at::Tensor chroma_spread(const at::Tensor& chroma) {
  if (chroma.size(0) < 2) return at::zeros({}, chroma.options());
  return at::pdist(chroma.contiguous()).mean();
}

at::Tensor reverse_spread_loss(const at::Tensor& generated, const at::Tensor& original) {
  const auto spread_of = [](const at::Tensor& pictures) {
    return chroma_spread(coarse_chroma(rgb_to_lab(pictures * 0.5 + 0.5)));
  };
  const auto wanted = spread_of(original).item<double>();
  if (wanted < 1e-3) return at::zeros({}, generated.options());
  return at::relu(1 - spread_of(generated) / wanted);
}

at::Tensor reverse_ascent_loss(const at::Tensor& generated, double limit) {
  const auto distance = (generated - generated.mean(0, true)).abs().mean();
  return -distance.clamp_max(limit);
}

}  // namespace cgan
