#include "model/networks/blocks.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/functional.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <stdexcept>

namespace cgan {
namespace {

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(TransposedConvolution, EqualsThatOfLibTorchAndItsGradients) {
  torch::manual_seed(1);
  const auto input = torch::randn({2, 5, 3, 4}).requires_grad_();
  const auto weight = torch::randn({5, 6, 2, 2}).requires_grad_();
  const auto bias = torch::randn({6}).requires_grad_();
  const auto ours = transposed_conv2x2(input, weight, bias);
  const auto theirs = torch::conv_transpose2d(input, weight, bias, 2);
  ASSERT_EQ(ours.sizes(), theirs.sizes());
  EXPECT_LT(largest_difference(ours, theirs), 1e-5);

  const auto slope = torch::randn_like(ours);
  const std::vector<torch::Tensor> leaves = {input, weight, bias};
  const auto our_gradients = torch::autograd::grad({(ours * slope).sum()}, leaves);
  const auto their_gradients = torch::autograd::grad({(theirs * slope).sum()}, leaves);
  for (size_t i = 0; i < leaves.size(); ++i)
    EXPECT_LT(largest_difference(our_gradients[i], their_gradients[i]), 1e-4);
}

TEST(DownBlock, HalvesTheResolutionAndLeaksNegatives) {
  torch::manual_seed(2);
  DownBlock block(3, 5, false);
  const auto input = torch::randn({2, 3, 8, 6});
  const auto output = block(input);
  EXPECT_EQ(output.sizes(), (std::vector<int64_t>{2, 5, 4, 3}));
  const auto parameters = block->named_parameters();
  const auto linear = torch::conv2d(input, parameters["conv.weight"], parameters["conv.bias"], 2);
  EXPECT_LT(largest_difference(output, torch::where(linear > 0, linear, 0.2 * linear)), 1e-6);
}

TEST(DownBlock, BatchNormGivesEachChannelMeanZeroBeforeTheActivation) {
  torch::manual_seed(3);
  DownBlock block(3, 5, true);
  const auto output = block(torch::randn({4, 3, 8, 8}) * 3 + 5);
  const auto linear = torch::where(output > 0, output, output / 0.2);
  EXPECT_LT(linear.mean({0, 2, 3}).abs().max().item<double>(), 1e-5);
  EXPECT_NEAR(linear.var({0, 2, 3}, false).mean().item<double>(), 1, 1e-3);
}

class UpBlockForms : public testing::TestWithParam<Upsampling> {};
INSTANTIATE_TEST_SUITE_P(Both, UpBlockForms,
                         testing::Values(Upsampling::kTransposed, Upsampling::kSubpixel),
                         [](const auto& form) { return std::string(to_string(form.param)); });

TEST_P(UpBlockForms, DoublesTheResolutionAndAppendsTheSkipUntouched) {
  torch::manual_seed(4);
  UpBlock block(6, 4, GetParam());
  const auto skip = torch::randn({2, 3, 10, 8});
  const auto output = block(torch::randn({2, 6, 5, 4}), skip, torch::Tensor());
  EXPECT_EQ(output.sizes(), (std::vector<int64_t>{2, 7, 10, 8}));
  EXPECT_TRUE(torch::equal(output.narrow(1, 4, 3), skip));
}

TEST_P(UpBlockForms, MaskMultipliesTheActivationButNotTheSkip) {
  torch::manual_seed(5);
  UpBlock block(6, 4, GetParam());
  const auto input = torch::randn({2, 6, 5, 4}), skip = torch::randn({2, 3, 10, 8});
  const auto mask = (torch::rand({1, 4, 10, 8}) > 0.5).to(torch::kFloat) * 2;
  const auto plain = block(input, skip, torch::Tensor());
  const auto masked = block(input, skip, mask);
  EXPECT_TRUE(torch::equal(masked.narrow(1, 0, 4), plain.narrow(1, 0, 4) * mask));
  EXPECT_TRUE(torch::equal(masked.narrow(1, 4, 3), skip));
}

TEST_P(UpBlockForms, EqualsTheLayersItStandsFor) {
  torch::manual_seed(6);
  UpBlock block(6, 4, GetParam());
  const auto input = torch::randn({3, 6, 5, 4});
  const auto parameters = block->named_parameters();
  const auto& weight = parameters["weight"];
  const auto& bias = parameters["bias"];
  auto expected = GetParam() == Upsampling::kTransposed
                      ? torch::conv_transpose2d(input, weight, bias, 2)
                      : torch::pixel_shuffle(torch::conv2d(input, weight, bias, 1, 1), 2);
  const auto mean = expected.mean({0, 2, 3}, true), var = expected.var({0, 2, 3}, false, true);
  expected = torch::leaky_relu((expected - mean) / (var + 1e-5).sqrt(), 0.2);
  const auto output = block(input, torch::zeros({3, 1, 10, 8}), torch::Tensor());
  EXPECT_LT(largest_difference(output.narrow(1, 0, 4), expected), 1e-4);
}

TEST(OneChannel, SpreadsChannelsLastToWhatIsMadeOfIt) {
  const auto plain = torch::rand({2, 1, 4, 6});
  const auto marked = as_channels_last(plain);
  EXPECT_TRUE(torch::equal(marked, plain));
  const auto others = torch::rand({2, 3, 2, 3}).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto joined = torch::cat({others, torch::avg_pool2d(marked, 2)}, 1);
  EXPECT_TRUE(joined.is_contiguous(torch::MemoryFormat::ChannelsLast));
}

TEST(Upsampling, HasNamesThatReadBack) {
  for (const auto form : {Upsampling::kTransposed, Upsampling::kSubpixel})
    EXPECT_EQ(upsampling_from_string(to_string(form)), form);
  EXPECT_THROW(upsampling_from_string("bilinear"), std::invalid_argument);
}

}  // namespace
}  // namespace cgan
