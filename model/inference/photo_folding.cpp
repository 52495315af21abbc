#include "model/inference/photo_folding.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <sstream>
#include <stdexcept>

namespace cgan {
namespace {

constexpr double kVariantDeviation = 0.5;  // of a bottleneck channel's own
constexpr int64_t kShortSide = 192;

// Mean 0, standard deviation 1. std::uniform_real_distribution draws differently in each standard
// library; this does not.
at::Tensor uniform(int64_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto numbers = at::empty({count}, c10::kDouble);
  for (int64_t i = 0; i < count; ++i)
    numbers.data_ptr<double>()[i] =
        std::sqrt(3.0) * (2 * (static_cast<double>(random() >> 11) * 0x1p-53) - 1);
  return numbers;
}

}  // namespace

FoldedUpBlock PhotoFolding::up_block(const std::string& layer) const {
  const auto [scale, shift] = norm(layer + ".merge_norm");
  const auto up = tensor(layer + ".up");
  const int64_t inputs = up.size(0), outputs = up.size(1);
  const auto merge = scale_outputs(tensor(layer + ".merge.weight"), scale).flatten(1);
  const auto merge_up = merge.narrow(1, 0, outputs);
  const auto merge_skip = merge.narrow(1, outputs, merge.size(1) - outputs);
  // (2, 2, Cout, Cin): of each place in the 2x2 block the product of both matrices.
  const auto product = at::matmul(merge_up, up.permute({2, 3, 1, 0}));
  return {place(product.reshape({4 * outputs, inputs, 1, 1})),
          place(merge_skip.reshape({outputs, -1, 1, 1}), shift), folded(layer, "1"),
          folded(layer, "2")};
}

at::Tensor FoldedBottleneck::same_everywhere(const at::Tensor& mean, double wanted) const {
  return at::linear(mean, global, bias + vividness * wanted);
}

at::Tensor FoldedBottleneck::same_everywhere(const at::Tensor& mean,
                                             const at::Tensor& wanted) const {
  return at::linear(mean, global, bias + vividness * wanted);
}

FoldedBottleneck PhotoFolding::bottleneck(const FrozenGenerator::Options& options) const {
  const auto [scale, shift] = norm("bottleneck.norm");
  const auto vividness = tensor("bottleneck.vividness.weight").squeeze(1);
  auto bias = shift;
  if (options.variant != 0) {
    const auto deviation = tensor("bottleneck.norm.weight").abs() * kVariantDeviation;
    bias = bias + deviation * uniform(bias.numel(), options.variant);
  }
  return {place(scale_outputs(tensor("bottleneck.conv.weight"), scale)),
          place(scale_outputs(tensor("bottleneck.global.weight"), scale)), place(scale * vividness),
          place(bias)};
}

Convolution PhotoFolding::folded(const std::string& layer, const std::string& number) const {
  const auto [scale, shift] = norm(layer + ".norm" + number);
  return place(scale_outputs(tensor(layer + ".conv" + number + ".weight"), scale), shift);
}

int64_t FrozenPhotoForm::short_side() const {
  return kShortSide;
}

void FrozenPhotoForm::check(const at::Tensor& luma) const {
  if (luma.dim() == 4 && luma.size(1) == 1 && luma.numel() > 0 && luma.size(2) % multiple() == 0 &&
      luma.size(3) % multiple() == 0)
    return;
  std::ostringstream text;
  text << "the photo generator takes luma of the shape (N, 1, H, W) with H and W multiples of "
       << multiple() << ", not " << luma.sizes();
  throw std::invalid_argument(text.str());
}

}  // namespace cgan
