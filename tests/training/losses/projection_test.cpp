#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/api/module.h>

#include <stdexcept>
#include <string>

#include "../pictures.h"
#include "training/losses/differentiable_augmentation.h"
#include "training/losses/feature_pyramid.h"

namespace cgan::testing {
namespace {

using ::testing::HasSubstr;

at::Tensor noise(int64_t count, int64_t side) {
  at::manual_seed(5);
  return at::rand({count, 4, side, side}) + 1;
}

TEST(AugmentForJudging, DependsOnSeedAndPlaceOnly) {
  const auto pictures = noise(4, 32);
  const auto all = augment_for_judging(pictures, 7);
  EXPECT_EQ(all.sizes(), pictures.sizes());
  EXPECT_TRUE(at::equal(all, augment_for_judging(pictures, 7)));
  EXPECT_TRUE(at::equal(all.narrow(0, 0, 2), augment_for_judging(pictures.narrow(0, 0, 2), 7)));
  EXPECT_FALSE(at::equal(all, augment_for_judging(pictures, 8)));
}

TEST(AugmentForJudging, HidesAndMovesButKeepsColours) {
  const auto plain = at::full({64, 3, 32, 32}, 0.7);
  const auto result = augment_for_judging(plain, 1);
  const auto hidden = result == 0;
  EXPECT_TRUE(at::logical_or(hidden, result == 0.7).all().item<bool>());
  const auto share = hidden.to(at::kDouble).mean({1, 2, 3});
  // The square alone hides between a sixteenth and a quarter; what moved in comes on top.
  EXPECT_GE(share.min().item<double>(), 1.0 / 16);
  EXPECT_LE(share.max().item<double>(), 0.5);
}

TEST(AugmentForJudging, LetsGradientsThrough) {
  auto pictures = noise(3, 16).requires_grad_();
  const auto gradient =
      torch::autograd::grad({augment_for_judging(pictures, 3).sum()}, {pictures})[0];
  const auto seen = gradient.flatten(1).mean(1);
  EXPECT_GT(seen.min().item<double>(), 0.4);
  EXPECT_LT(seen.max().item<double>(), 1);
}

class FeaturePyramidTest : public ::testing::Test {
 protected:
  std::string script(const std::string& body) {
    torch::jit::Module module("pyramid");
    module.define("def forward(self, rgb):\n" + body);
    const auto path = (folder_ / "pyramid.pt").string();
    module.save(path);
    return path;
  }
  std::string refusal_of(const std::string& body) {
    try {
      FeaturePyramid::load(script(body))->forward(at::zeros({2, 3, 8, 8}));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "none";
  }
  TemporaryFolder folder_;
};

TEST_F(FeaturePyramidTest, GivesTheMapsOfItsNetwork) {
  const auto pyramid =
      FeaturePyramid::load(script("  half = torch.avg_pool2d(rgb, [2, 2])\n"
                                  "  return [half, torch.avg_pool2d(half, [2, 2])]\n"));
  auto rgb = at::ones({2, 3, 8, 8}).requires_grad_();
  const auto maps = pyramid->forward(rgb);
  ASSERT_EQ(maps.size(), 2u);
  EXPECT_EQ(maps[1].sizes(), (std::vector<int64_t>{2, 3, 2, 2}));
  EXPECT_GT(torch::autograd::grad({maps[1].sum()}, {rgb})[0].sum().item<double>(), 0);
}

TEST_F(FeaturePyramidTest, RefusesWhatIsNone) {
  EXPECT_THAT(refusal_of("  return rgb\n"), HasSubstr("list of tensors"));
  EXPECT_THAT(refusal_of("  return [torch.avg_pool2d(rgb, [2, 2]), rgb]\n"),
              HasSubstr("from fine to coarse"));
  EXPECT_THAT(refusal_of("  return [rgb.matmul(rgb.sum(0))[0]]\n"), HasSubstr("--pyramid"));
  EXPECT_THROW(FeaturePyramid::load((folder_ / "none.pt").string()), std::runtime_error);
}

}  // namespace
}  // namespace cgan::testing
