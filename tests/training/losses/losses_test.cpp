#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <cmath>

#include "model/colour.h"
#include "training/losses/adversarial.h"
#include "training/losses/colour_terms.h"
#include "training/losses/reverse.h"

namespace cgan {
namespace {

at::Tensor picture(float red, float green, float blue) {
  return at::tensor({red, green, blue}).view({1, 3, 1, 1}).expand({1, 3, 4, 4}).contiguous();
}

double softplus(double x) {
  return std::log1p(std::exp(x));
}

TEST(Adversarial, CrossEntropyIsThatOfTheEquations) {
  const auto original = at::tensor({2.0f, -1.0f}), generated = at::tensor({0.5f, -3.0f});
  const double d = (softplus(-2) + softplus(1)) / 2 + (softplus(0.5) + softplus(-3)) / 2;
  EXPECT_NEAR(discriminator_loss(Adversarial::kBce, original, generated, 0).item<double>(), d,
              1e-6);
  const double g = (softplus(-0.5) + softplus(3)) / 2;
  EXPECT_NEAR(generator_loss(Adversarial::kBce, generated).item<double>(), g, 1e-6);
}

TEST(Adversarial, SmoothingLabelsOriginalsBelowOne) {
  const auto original = at::tensor({2.0f}), generated = at::tensor({-30.0f});
  const double expected = 0.9 * softplus(-2) + 0.1 * softplus(2);
  EXPECT_NEAR(discriminator_loss(Adversarial::kBce, original, generated, 0.1).item<double>(),
              expected, 1e-6);
}

TEST(Adversarial, HingeStopsAtItsMargin) {
  const auto original = at::tensor({2.0f, 0.5f}), generated = at::tensor({-3.0f, 0.25f});
  EXPECT_NEAR(discriminator_loss(Adversarial::kHinge, original, generated, 0).item<double>(),
              0.25 + 0.625, 1e-6);
  EXPECT_NEAR(generator_loss(Adversarial::kHinge, generated).item<double>(), 1.375, 1e-6);
}

TEST(Adversarial, ExtremeLogitsStayFinite) {
  const auto far = at::tensor({1e4f, -1e4f});
  EXPECT_TRUE(std::isfinite(discriminator_loss(Adversarial::kBce, far, far, 0.1).item<double>()));
}

TEST(ColourTerms, CosineDistanceSeesDirectionOnly) {
  // In 0..1: (1, 0, 0) against (0.5, 0, 0), then against (0, 1, 0).
  EXPECT_NEAR(cosine_distance(picture(1, -1, -1), picture(0, -1, -1)).item<double>(), 0, 1e-6);
  EXPECT_NEAR(cosine_distance(picture(1, -1, -1), picture(-1, 1, -1)).item<double>(), 1, 1e-6);
  // (1, 1, 0) and (1, 0, 0): cos = 1 / sqrt 2.
  EXPECT_NEAR(cosine_distance(picture(1, 1, -1), picture(1, -1, -1)).item<double>(),
              1 - std::sqrt(0.5), 1e-6);
}

TEST(ColourTerms, CosineDistanceLeavesBlackOut) {
  const auto black = picture(-1, -1, -1);
  auto generated = at::cat({black, picture(1, -1, -1)}).requires_grad_();
  const auto original = at::cat({picture(1, 1, 1), picture(-1, 1, -1)});
  const auto loss = cosine_distance(generated, original);
  EXPECT_NEAR(loss.item<double>(), 1, 1e-6);
  const auto gradient = torch::autograd::grad({loss}, {generated})[0];
  EXPECT_TRUE(gradient.isfinite().all().item<bool>());
  EXPECT_EQ(gradient[0].abs().max().item<double>(), 0);
  EXPECT_EQ(cosine_distance(black, black).item<double>(), 0);
}

TEST(ColourTerms, WithLumaKeepsTheInputsLumaAndTheGeneratorsChroma) {
  const auto gray = at::full({1, 1, 4, 4}, 0.2f);
  const auto red = picture(0.9f, -0.3f, 0.1f);
  const auto shown = rgb_to_ycbcr(with_luma(gray, red) * 0.5 + 0.5);
  const auto own = rgb_to_ycbcr(red * 0.5 + 0.5);
  EXPECT_NEAR(shown[0][0][0][0].item<double>(), 0.6, 1e-5);
  EXPECT_NEAR(shown[0][1][0][0].item<double>(), own[0][1][0][0].item<double>(), 1e-5);
  EXPECT_NEAR(shown[0][2][0][0].item<double>(), own[0][2][0][0].item<double>(), 1e-5);
}

TEST(ColourTerms, MatchLossCountsFarColoursOnceAndNearOnesHardly) {
  const auto grey = picture(0, 0, 0), dark = picture(-0.5f, -0.5f, -0.5f), red = picture(1, -1, -1);
  EXPECT_NEAR(match_loss(grey, grey, 8).item<double>(), 0, 1e-6);
  // Lab of a grey has a = b = 0 whatever its lightness.
  EXPECT_NEAR(match_loss(grey, dark, 8).item<double>(), 0, 1e-4);
  // sRGB red lies at a = 80.09, b = 67.20.
  EXPECT_NEAR(match_loss(red, grey, 8).item<double>(), 1, 1e-6);
  const double square = 80.09 * 80.09 + 67.20 * 67.20;
  EXPECT_NEAR(match_loss(red, grey, 100).item<double>(), 1 - std::exp(-square / 20000), 1e-3);
}

TEST(ColourTerms, ChromaLossDoesNotSeeLuma) {
  EXPECT_NEAR(chroma_loss(picture(0.5f, 0.5f, 0.5f), picture(-0.5f, -0.5f, -0.5f), ChromaNorm::kL1)
                  .item<double>(),
              0, 1e-6);
  // Red 1, 0, 0 in 0..1: Cb = -0.168736, Cr = 0.5; gray has none.
  EXPECT_NEAR(chroma_loss(picture(1, -1, -1), picture(0, 0, 0), ChromaNorm::kL1).item<double>(),
              (0.168736 + 0.5) / 2, 1e-5);
  // Smooth L1 of a difference d above beta is d - beta / 2.
  EXPECT_NEAR(
      chroma_loss(picture(1, -1, -1), picture(0, 0, 0), ChromaNorm::kSmoothL1).item<double>(),
      (0.168736 + 0.5) / 2 - 0.05 / 2, 1e-5);
}

TEST(Reverse, SpreadIsTheMeanDistanceOverPairs) {
  const auto chroma = at::zeros({3, 32});
  chroma[1][0] = 3;
  chroma[1][1] = 4;
  // Distances 5, 0 and 5.
  EXPECT_NEAR(chroma_spread(chroma).item<double>(), 10.0 / 3, 1e-5);
  EXPECT_NEAR(chroma_spread(at::zeros({4, 32})).item<double>(), 0, 1e-6);
}

TEST(Reverse, SpreadTermAsksForTheVarietyOfTheOriginals) {
  const auto varied = at::cat({picture(1, -1, -1), picture(-1, -1, 1)});
  const auto uniform = at::cat({picture(0, 0.5f, 0), picture(0, 0.5f, 0)});
  EXPECT_NEAR(reverse_spread_loss(varied, varied).item<double>(), 0, 1e-5);
  EXPECT_NEAR(reverse_spread_loss(uniform, varied).item<double>(), 1, 1e-4);
  EXPECT_EQ(reverse_spread_loss(uniform, uniform).item<double>(), 0);
  EXPECT_EQ(reverse_spread_loss(uniform.narrow(0, 0, 1), uniform.narrow(0, 0, 1)).item<double>(),
            0);
}

TEST(Reverse, SpreadTermHasFiniteGradientWhereAllPicturesAgree) {
  const auto varied = at::cat({picture(1, -1, -1), picture(-1, -1, 1)});
  auto uniform = at::cat({picture(0, 0, 0), picture(0, 0, 0)}).requires_grad_();
  const auto gradient = torch::autograd::grad({reverse_spread_loss(uniform, varied)}, {uniform})[0];
  EXPECT_TRUE(gradient.isfinite().all().item<bool>());
}

TEST(Reverse, AscentMovesPicturesFromTheirMeanUpToTheLimit) {
  auto pictures = at::cat({picture(0.1f, 0, 0), picture(-0.1f, 0, 0)}).requires_grad_();
  const auto loss = reverse_ascent_loss(pictures, 0.3);
  EXPECT_NEAR(loss.item<double>(), -0.1 / 3, 1e-6);
  const auto gradient = torch::autograd::grad({loss}, {pictures})[0];
  EXPECT_LT(gradient[0][0].sum().item<double>(), 0);
  EXPECT_GT(gradient[1][0].sum().item<double>(), 0);

  auto far = at::cat({picture(1, 1, 1), picture(-1, -1, -1)}).requires_grad_();
  const auto limited = reverse_ascent_loss(far, 0.3);
  EXPECT_NEAR(limited.item<double>(), -0.3, 1e-6);
  EXPECT_EQ(torch::autograd::grad({limited}, {far})[0].abs().max().item<double>(), 0);
}

}  // namespace
}  // namespace cgan
