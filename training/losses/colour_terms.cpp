#include "training/losses/colour_terms.h"

#include <ATen/ATen.h>

#include <stdexcept>

#include "model/colour.h"

namespace cgan {
namespace {

constexpr double kShortestVector = 0.02;

at::Tensor unit_range(const at::Tensor& picture) {
  return picture * 0.5 + 0.5;
}

}  // namespace

ChromaNorm chroma_norm_from_string(const std::string& name) {
  if (name == "l1") return ChromaNorm::kL1;
  if (name == "smooth") return ChromaNorm::kSmoothL1;
  throw std::invalid_argument("the chroma norm is 'l1' or 'smooth', not '" + name + "'");
}

at::Tensor chroma_of(const at::Tensor& picture) {
  return rgb_to_ycbcr(unit_range(picture)).narrow(1, 1, 2);
}

at::Tensor with_luma(const at::Tensor& gray, const at::Tensor& generated) {
  return ycbcr_to_rgb(at::cat({unit_range(gray), chroma_of(generated)}, 1)) * 2 - 1;
}

at::Tensor l1_distance(const at::Tensor& generated, const at::Tensor& original) {
  return at::l1_loss(generated, original);
}

at::Tensor cosine_distance(const at::Tensor& generated, const at::Tensor& original) {
  const auto g = unit_range(generated), y = unit_range(original);
  const auto dot = (g * y).sum(1);
  // The root's slope is infinite at 0, hence the clamp before it.
  constexpr double kShortest = kShortestVector * kShortestVector;
  const auto g_square = (g * g).sum(1), y_square = (y * y).sum(1);
  const auto counts = at::logical_and(g_square.detach() > kShortest, y_square > kShortest);
  const auto lengths = at::sqrt(g_square.clamp_min(kShortest) * y_square.clamp_min(kShortest));
  const auto mask = counts.to(dot.scalar_type());
  return ((1 - dot / lengths) * mask).sum() / mask.sum().clamp_min(1);
}

at::Tensor chroma_loss(const at::Tensor& generated, const at::Tensor& original, ChromaNorm norm,
                       double beta) {
  const auto g = chroma_of(generated), y = chroma_of(original);
  return norm == ChromaNorm::kL1 ? at::l1_loss(g, y)
                                 : at::smooth_l1_loss(g, y, at::Reduction::Mean, beta);
}

at::Tensor match_loss(const at::Tensor& generated, const at::Tensor& original, double scale) {
  const auto ab = [](const at::Tensor& picture) {
    return rgb_to_lab(unit_range(picture)).narrow(1, 1, 2);
  };
  const auto square = (ab(generated) - ab(original)).square().sum(1);
  return (1 - at::exp(square * (-0.5 / (scale * scale)))).mean();
}

at::Tensor farther_than_grey_loss(const at::Tensor& generated, const at::Tensor& original) {
  constexpr double kSoftness = 0.4;
  // Grey pictures have no colour to be farther from; half a code of 255 is as near as one can be.
  constexpr double kFloor = 0.25 / (255.0 * 255.0);
  const auto mean_square = [](const at::Tensor& chroma) {
    return chroma.square().mean({1, 2, 3}) + kFloor;
  };
  const auto truth = chroma_of(original);
  const auto ratio = mean_square(chroma_of(generated) - truth) / mean_square(truth);
  return (ratio.log() / kSoftness).sigmoid().mean();
}

}  // namespace cgan
