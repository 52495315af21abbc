#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/api/module.h>

#include <cmath>
#include <vector>

#include "../pictures.h"
#include "model/colour.h"
#include "training/losses/colour_terms.h"
#include "training/losses/colourfulness.h"
#include "training/losses/consistency.h"
#include "training/losses/perceptual.h"

namespace cgan::testing {
namespace {

at::Tensor noise(int64_t count, int64_t side) {
  at::manual_seed(5);
  return at::rand({count, 3, side, side}) * 2 - 1;
}

at::Tensor gray(int64_t count, int64_t side) {
  return at::zeros({count, 3, side, side});
}

TEST(Consistency, MotionIsNoChange) {
  const auto scene = noise(2, 24);
  const auto first = scene.narrow(2, 4, 16).narrow(3, 4, 16);
  // second(y, x) shows what first(y + 2, x - 3) shows, then the other way round.
  const auto second = at::stack(
      {scene[0].narrow(1, 6, 16).narrow(2, 1, 16), scene[1].narrow(1, 2, 16).narrow(2, 7, 16)});
  const auto motion = at::tensor({4, -6, -4, 6}, at::kLong).view({2, 2});
  EXPECT_NEAR(consistency_loss(first, second, motion, 2).item<double>(), 0, 1e-6);
  EXPECT_GT(consistency_loss(first, second, at::zeros({2, 2}, at::kLong), 2).item<double>(), 0.1);
}

TEST(Consistency, IsTheMeanChangeOfChromaAndDoesNotSeeLuma) {
  const auto still = at::zeros({1, 2}, at::kLong);
  const auto red = gray(1, 4);
  red[0][0] = 1;
  red[0][1] = -1;
  red[0][2] = -1;
  EXPECT_NEAR(consistency_loss(red, gray(1, 4), still, 1).item<double>(), (0.168736 + 0.5) / 2,
              1e-5);
  EXPECT_NEAR(consistency_loss(gray(1, 4), gray(1, 4) + 0.5, still, 1).item<double>(), 0, 1e-6);
}

TEST(Consistency, LooksAtThePairedPicturesOnly) {
  const auto first = noise(3, 8);
  const auto motion = at::zeros({1, 2}, at::kLong);
  EXPECT_NEAR(consistency_loss(first, first.narrow(0, 0, 1), motion, 1).item<double>(), 0, 1e-6);
}

TEST(Vividness, IsZeroForTheAverageAndOneForVeryColourful) {
  // Scaling chroma scales colourfulness.
  const auto ycbcr = rgb_to_ycbcr(noise(1, 16) * 0.1 + 0.5);
  const auto with_chroma = [&](double factor) {
    auto scaled = ycbcr.clone();
    scaled.narrow(1, 1, 2).mul_(factor);
    return ycbcr_to_rgb(scaled) * 2 - 1;
  };
  const double plain = colourfulness(with_chroma(1) * 0.5 + 0.5).item<double>();
  const double to_average = kAverageColourfulness / plain;
  EXPECT_NEAR(vividness_of(with_chroma(to_average)).item<double>(), 0, 1e-3);
  EXPECT_NEAR(vividness_of(with_chroma(2 * to_average)).item<double>(), 1 / 1.5, 1e-3);
  EXPECT_EQ(vividness_of(with_chroma(20 * to_average)).item<double>(), 1);
  EXPECT_EQ(vividness_of(gray(1, 8)).item<double>(), -1);
}

TEST(Vividness, ColourfulnessTermAsksForAShareAndNoMore) {
  const auto original = noise(2, 16);
  EXPECT_NEAR(colourfulness_loss(gray(2, 16), original, 0.8).item<double>(), 0.8, 5e-3);
  EXPECT_NEAR(colourfulness_loss(original * 0.5, original, 0.8).item<double>(), 0.3, 5e-3);
  EXPECT_EQ(colourfulness_loss(original, original, 0.8).item<double>(), 0);
}

// What a step would add to the colourfulness of a muted picture, as a share of what it would add to
// that of one ten times as colourful: as much by the mean, a tenth by the mean of squares.
TEST(Vividness, ColourfulnessPowerAsksWhereColourIs) {
  const auto original = noise(2, 16);
  const auto pictures = original * at::tensor({0.05, 0.5}).view({2, 1, 1, 1});
  const auto asked_of_muted = [&](double power) {
    auto factors = at::ones({2, 1, 1, 1}).requires_grad_();
    const auto term = colourfulness_loss(pictures * factors, original, 0.8, power);
    // By factor: colourfulness grows with it, ten times as fast in the second picture.
    const auto slope = torch::autograd::grad({term}, {factors})[0].flatten();
    return (10 * slope[0] / slope[1]).item<double>();
  };
  EXPECT_NEAR(asked_of_muted(1), 1, 0.05);
  EXPECT_NEAR(asked_of_muted(2), 0.1, 0.01);
  // All alike: the mean of powers is the mean.
  EXPECT_NEAR(colourfulness_loss(original * 0.5, original, 0.8, 2).item<double>(), 0.3, 5e-3);
}

// Chroma scaled by `factor` about grey is |factor - 1| times as far from the original as grey.
TEST(FartherThanGrey, CountsPictures) {
  const auto chroma = noise(3, 8) * 0.2;
  const auto scaled = [&](const std::vector<double>& factors) {
    return chroma * at::tensor(factors, at::kFloat).view({-1, 1, 1, 1});
  };
  const auto count = [&](const std::vector<double>& factors) {
    return farther_than_grey_loss(scaled(factors), chroma).item<double>();
  };
  EXPECT_NEAR(count({2, 2, 2}), 0.5, 1e-3);  // as far as grey
  EXPECT_LT(count({1, 1, 1}), 0.01);
  EXPECT_NEAR(count({1, 1, 10}), 1.0 / 3, 0.02);
  EXPECT_LT(count({1.5, 1.5, 1.5}), count({1.8, 1.8, 1.8}));
}

TEST(FartherThanGrey, AVividPictureWeighsNoMoreThanAMutedOne) {
  const auto original = noise(2, 8) * 0.5;
  const auto off = [&](double muted, double vivid) {
    return at::stack({original[0] * 0.1 * muted, original[1] * vivid});
  };
  const auto truth = at::stack({original[0] * 0.1, original[1]});
  EXPECT_NEAR(farther_than_grey_loss(off(1.7, 1), truth).item<double>(),
              farther_than_grey_loss(off(1, 1.7), truth).item<double>(), 0.02);
}

TEST(FartherThanGrey, HasFiniteGradientAtGray) {
  auto flat = gray(2, 8).requires_grad_();
  const auto term = farther_than_grey_loss(flat, gray(2, 8));
  EXPECT_TRUE(at::isfinite(torch::autograd::grad({term}, {flat})[0]).all().item<bool>());
}

TEST(Vividness, ColourfulnessTermHasFiniteGradientAtGray) {
  auto flat = gray(2, 8).requires_grad_();
  const auto term = colourfulness_loss(flat, noise(2, 8), 0.8);
  const auto gradient = torch::autograd::grad({term}, {flat})[0];
  EXPECT_TRUE(gradient.isfinite().all().item<bool>());
}

class PerceptualTest : public ::testing::Test {
 protected:
  // Features are the means of R, G and B.
  PerceptualTest() : path_((folder_ / "means.pt").string()) {
    torch::jit::Module module("means");
    module.define("def forward(self, rgb):\n  means = rgb.mean([2, 3])\n  return means, means\n");
    module.save(path_);
  }

  TemporaryFolder folder_;
  const std::string path_;
};

TEST_F(PerceptualTest, IsTheDistanceFromWhatIsSeenInTheOriginal) {
  const auto original = noise(2, 16) * 0.2;
  const auto luma = rgb_to_luma(original * 0.5 + 0.5) * 2 - 1;
  PerceptualLoss loss(path_);
  const auto none = loss.distances(original, luma, original);
  EXPECT_NEAR(none.features.item<double>(), 0, 1e-6);
  EXPECT_NEAR(none.classes.item<double>(), 0, 1e-6);
  const auto y = (original * 0.5 + 0.5).mean({2, 3}), g = (luma * 0.5 + 0.5).mean({2, 3});
  const auto expected = ((g - y).square().sum(1) / y.square().sum(1)).mean().item<double>();
  const auto p = at::softmax(y, 1);
  const auto divergence =
      (p * (p / at::softmax(g.expand_as(y), 1)).log()).sum(1).mean().item<double>();
  const auto distances = loss.distances(gray(2, 8), luma, original);
  EXPECT_NEAR(distances.features.item<double>(), expected, 1e-6);
  EXPECT_NEAR(distances.classes.item<double>(), divergence, 1e-6);
}

TEST_F(PerceptualTest, GradientReachesTheSmallerPicture) {
  auto generated = (noise(1, 8) * 0.2).requires_grad_();
  const auto original = noise(1, 16);
  const auto luma = rgb_to_luma(original * 0.5 + 0.5) * 2 - 1;
  PerceptualLoss loss(path_);
  const auto distances = loss.distances(generated, luma, original);
  for (const auto& term : {distances.features, distances.classes}) {
    const auto gradient = torch::autograd::grad({term}, {generated}, {}, /*retain_graph=*/true)[0];
    EXPECT_GT(gradient.abs().sum().item<double>(), 0);
  }
}

}  // namespace
}  // namespace cgan::testing
