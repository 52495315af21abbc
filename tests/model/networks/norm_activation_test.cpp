#include "model/networks/norm_activation.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/nn/functional/normalization.h>
#include <torch/types.h>

#include <vector>

namespace cgan {
namespace {

constexpr double kEpsilon = 1e-5, kSlope = 0.2;

struct Operands {
  torch::Tensor bias, gamma, beta;
};

Operands random_operands(int64_t channels) {
  const auto draw = [&] { return torch::randn({channels}).requires_grad_(); };
  return {draw(), draw(), draw()};
}

// LibTorch's own operators on (N, C, H, W).
torch::Tensor reference(const torch::Tensor& input, const Operands& operands) {
  return torch::leaky_relu(
      torch::batch_norm(input + operands.bias.view({1, -1, 1, 1}), operands.gamma, operands.beta,
                        {}, {}, true, 0.1, kEpsilon, false),
      kSlope);
}

void expect_close(const std::vector<torch::Tensor>& fused,
                  const std::vector<torch::Tensor>& separate) {
  ASSERT_EQ(fused.size(), separate.size());
  for (size_t i = 0; i < fused.size(); ++i)
    EXPECT_TRUE(torch::allclose(fused[i], separate[i], 1e-4, 1e-4))
        << "tensor " << i << ", largest difference "
        << (fused[i] - separate[i]).abs().max().item<float>();
}

TEST(NormLeakyRelu, AgreesWithTheSeparateOperatorsInValueAndGradients) {
  torch::manual_seed(3);
  const int64_t count = 3, channels = 5, height = 7, width = 6;
  const auto operands = random_operands(channels);
  const auto input = (torch::randn({count * height * width, channels}) * 3 + 1).requires_grad_();
  const auto result =
      norm_leaky_relu(input, operands.bias, operands.gamma, operands.beta, kEpsilon, kSlope);
  const auto nchw = input.view({count, height, width, channels}).permute({0, 3, 1, 2});
  const auto expected = reference(nchw, operands).permute({0, 2, 3, 1}).reshape_as(input);
  expect_close({result.value, result.mean, result.variance},
               {expected, input.mean(0) + operands.bias, input.var(0, /*unbiased=*/false)});

  const auto weight = torch::randn_like(input);
  const std::vector<torch::Tensor> wanted = {input, operands.bias, operands.gamma, operands.beta};
  expect_close(torch::autograd::grad({(result.value * weight).sum()}, wanted),
               torch::autograd::grad({(expected * weight).sum()}, wanted));
}

TEST(NormLeakyReluShuffle, AgreesWithPixelShuffleDropoutAndConcatenation) {
  torch::manual_seed(4);
  const int64_t count = 2, channels = 3, height = 4, width = 5, skip_channels = 2;
  const auto operands = random_operands(channels);
  const auto input = torch::randn({count * height * width, 4 * channels}).requires_grad_();
  const auto skip = torch::randn({count, 2 * height, 2 * width, skip_channels}).requires_grad_();
  const auto mask =
      torch::bernoulli(torch::full({count, 2 * height, 2 * width, channels}, 0.5)) * 2;
  const auto result = norm_leaky_relu_shuffle(input, operands.bias, operands.gamma, operands.beta,
                                              mask, skip, kEpsilon, kSlope);
  const auto shuffled = torch::pixel_shuffle(input.view({count, height, width, 4, channels})
                                                 .permute({0, 4, 3, 1, 2})
                                                 .reshape({count, 4 * channels, height, width}),
                                             2);
  const auto expected =
      torch::cat({reference(shuffled, operands).permute({0, 2, 3, 1}) * mask, skip}, 3);
  expect_close({result.value}, {expected});

  const auto weight = torch::randn_like(expected);
  const std::vector<torch::Tensor> wanted = {input, operands.bias, operands.gamma, operands.beta,
                                             skip};
  expect_close(torch::autograd::grad({(result.value * weight).sum()}, wanted),
               torch::autograd::grad({(expected * weight).sum()}, wanted));
}

}  // namespace
}  // namespace cgan
