#include "training/recipe/spectral_norm.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "model/networks/discriminator.h"

namespace cgan {
namespace {

DiscriminatorOptions tiny() {
  DiscriminatorOptions options;
  options.tile = 16;
  options.widths = {4, 8, 8, 8};
  options.hidden = 8;
  return options;
}

double largest_singular_value(const at::Tensor& weight) {
  const auto values = std::get<1>(at::svd(weight.detach().reshape({weight.size(0), -1})));
  return values.max().item<double>();
}

TEST(SpectralNorm, BringsEveryLargestSingularValueToOne) {
  at::manual_seed(1);
  Discriminator network(tiny());
  SpectralNorm norm(*network, 1);
  for (int i = 0; i < 200; ++i) norm.iterate();
  EXPECT_EQ(norm.normalised().size(), 6u);
  for (const auto& [name, weight] : norm.normalised())
    EXPECT_NEAR(largest_singular_value(weight), 1, 1e-3) << name;
}

TEST(SpectralNorm, LeavesTheParametersAsTheyAre) {
  at::manual_seed(1);
  Discriminator network(tiny());
  std::vector<at::Tensor> before;
  for (const auto& parameter : network->parameters()) before.push_back(parameter.clone());
  SpectralNorm norm(*network, 1);
  norm.apply(*network, true);
  const auto after = network->parameters();
  for (size_t i = 0; i < after.size(); ++i) EXPECT_TRUE(at::equal(before[i], after[i]));
}

TEST(SpectralNorm, NetworkComputesAsAPlainOneWithTheNormalisedWeights) {
  at::manual_seed(1);
  Discriminator network(tiny()), plain(tiny());
  SpectralNorm norm(*network, 1);
  norm.apply(*network, true);
  {
    at::NoGradGuard no_graph;
    const auto normalised = norm.normalised();
    const auto source = network->named_parameters();
    for (auto& item : plain->named_parameters()) {
      const auto found = normalised.find(item.key());
      item.value().copy_(found == normalised.end() ? source[item.key()] : found->second);
    }
  }
  const auto gray = at::randn({4, 1, 16, 16}), colour = at::randn({4, 3, 16, 16});
  EXPECT_TRUE(
      at::allclose(network->forward(gray, colour), plain->forward(gray, colour), 1e-4, 1e-5));
}

TEST(SpectralNorm, GradientsReachTheParametersOnlyWhereWanted) {
  at::manual_seed(1);
  Discriminator network(tiny());
  SpectralNorm norm(*network, 1);
  const auto gray = at::randn({4, 1, 16, 16}), colour = at::randn({4, 3, 16, 16});
  const auto weight = network->named_parameters()["f2.weight"];
  const auto gradient = [&](bool wanted) {
    norm.apply(*network, wanted);
    return torch::autograd::grad({network->forward(gray, colour).sum()}, {weight}, {}, c10::nullopt,
                                 false, true)[0];
  };
  const auto found = gradient(true);
  ASSERT_TRUE(found.defined());
  // f2's weight is one row: weight / |weight| does not change along the weight itself.
  EXPECT_NEAR((found * weight).sum().item<double>(), 0, 1e-4);
  EXPECT_FALSE(gradient(false).defined());
}

}  // namespace
}  // namespace cgan
