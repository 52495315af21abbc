#include "training/recipe/projected_discriminator.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>

#include <stdexcept>

#include "../pictures.h"
#include "training/losses/perceptual.h"
#include "training/recipe/trainer.h"

namespace cgan::testing {
namespace {

using ::testing::HasSubstr;

ProjectedHeadsOptions tiny_options() {
  ProjectedHeadsOptions options;
  options.channels = {3, 5, 4};
  options.width = 8;
  return options;
}

std::vector<at::Tensor> tiny_maps() {
  at::manual_seed(3);
  return {at::randn({2, 3, 12, 12}), at::randn({2, 5, 6, 6}), at::randn({2, 4, 3, 3})};
}

TEST(ProjectedHeads, JudgeEveryResolution) {
  ProjectedHeads heads(tiny_options());
  // 12 is halved once; 6 and 3 stay.
  EXPECT_EQ(heads(tiny_maps(), at::zeros({2, 1, 48, 48})).sizes(),
            (std::vector<int64_t>{2, 36 + 36 + 9}));
}

TEST(ProjectedHeads, SeeTheConditionAndEveryMap) {
  ProjectedHeads heads(tiny_options());
  const auto gray = at::zeros({2, 1, 48, 48});
  const auto before = heads(tiny_maps(), gray);
  const auto differs = [&](const at::Tensor& logits) { return !at::allclose(before, logits); };
  EXPECT_TRUE(differs(heads(tiny_maps(), gray + 1)));
  for (int i = 0; i < 3; ++i) {
    auto maps = tiny_maps();
    maps[i] = maps[i] + 1;
    EXPECT_TRUE(differs(heads(maps, gray))) << i;
  }
}

TEST(ProjectedHeads, ProjectByTheSeedAlone) {
  auto options = tiny_options();
  ProjectedHeads one(options), same(options);
  options.seed = 2;
  ProjectedHeads other(options);
  const auto gray = at::zeros({2, 1, 48, 48});
  for (auto* heads : {&same, &other}) {
    const at::NoGradGuard no_graph;
    const auto from = one->parameters(), to = (*heads)->parameters();
    for (size_t i = 0; i < to.size(); ++i) to[i].copy_(from[i]);
  }
  EXPECT_TRUE(at::equal(one(tiny_maps(), gray), same(tiny_maps(), gray)));
  EXPECT_FALSE(at::allclose(one(tiny_maps(), gray), other(tiny_maps(), gray)));
}

class ProjectedGame : public ::testing::Test {
 protected:
  ProjectedGame() {
    torch::jit::Module module("pyramid");
    module.define(
        "def forward(self, rgb):\n  half = torch.avg_pool2d(rgb, [2, 2])\n"
        "  return [half, torch.avg_pool2d(half, [2, 2]), torch.avg_pool2d(half, [4, 4])]\n");
    files_.projection = (folder_ / "pyramid.pt").string();
    module.save(files_.projection);
    recipe_ = tiny_recipe();
    recipe_.discriminator = "projected";
    recipe_.adversarial_loss = "hinge";
    recipe_.spectral_norm = true;
  }
  static std::vector<double> losses_of(Trainer& trainer, int steps) {
    std::vector<double> losses;
    for (int i = 0; i < steps; ++i) {
      const auto step = trainer.step();
      losses.insert(losses.end(), {step.generator, step.adversarial, step.discriminator});
    }
    return losses;
  }

  TemporaryFolder folder_;
  NetworkFiles files_;
  Recipe recipe_;
  const FormulaPictures data_{16, 32};
};

TEST_F(ProjectedGame, DiscriminatorLearnsToTellPicturesApart) {
  recipe_.lr = 1e-38;
  recipe_.d_lr = 1e-2;
  Trainer trainer(recipe_, data_, c10::kCPU, files_);
  const double before = trainer.step().d_cross_entropy;
  StepLosses last;
  for (int i = 0; i < 40; ++i) last = trainer.step();
  EXPECT_LT(last.d_cross_entropy, 0.7 * before);
  EXPECT_GT(last.d_original, 0.8);
  EXPECT_GT(last.d_generated, 0.8);
}

TEST_F(ProjectedGame, GoesOnFromAStateToTheSameBits) {
  Trainer whole(recipe_, data_, c10::kCPU, files_);
  losses_of(whole, 3);
  Trainer resumed(recipe_, data_, c10::kCPU, files_);
  resumed.restore(whole.state());
  EXPECT_EQ(losses_of(resumed, 3), losses_of(whole, 3));
}

TEST_F(ProjectedGame, StartsFromHeadsOnItsOwnProjectionsOnly) {
  recipe_.spectral_norm = false;
  Trainer trainer(recipe_, data_, c10::kCPU, files_);
  losses_of(trainer, 2);
  const auto path = (folder_ / "heads.safetensors").string();
  write_weights(path, trainer.discriminator_weights("{}"), StorageType::kFloat32);
  const auto weights = read_weights(path);
  EXPECT_EQ(weights.header.architecture, kProjectedDiscriminatorArchitecture);
  Trainer next(recipe_, data_, c10::kCPU, files_);
  next.start_from_discriminator(weights);
  const auto parameters = next.discriminator().network().named_parameters();
  EXPECT_TRUE(at::equal(parameters["head0_0.weight"], weights.tensors.at("head0_0.weight")));

  recipe_.seed = 2;
  Trainer other(recipe_, data_, c10::kCPU, files_);
  EXPECT_THROW(other.start_from_discriminator(weights), ModelFileError);
  EXPECT_THROW(next.start_from_discriminator(trainer.generator_weights("{}")), ModelFileError);
}

TEST_F(ProjectedGame, FeatureMatchingComparesTheMapsOfBothPictures) {
  const auto distance = [&](double weight) {
    recipe_.feature_matching = weight;
    Trainer trainer(recipe_, data_, c10::kCPU, files_);
    double last = trainer.step().feature_matching;
    for (int i = 0; i < 20; ++i) last = trainer.step().feature_matching;
    return last;
  };
  EXPECT_EQ(distance(0), 0);
  const double little = distance(1e-6);
  EXPECT_GT(little, 0);
  EXPECT_LT(distance(100), little);

  const std::vector<at::Tensor> one = {at::full({1, 2, 4, 4}, 2.0), at::full({1, 3, 2, 2}, 1.0)};
  const std::vector<at::Tensor> other = {at::full({1, 2, 4, 4}, 3.0), at::full({1, 3, 2, 2}, 1.0)};
  EXPECT_EQ(feature_matching_loss(one, one).item<double>(), 0);
  EXPECT_DOUBLE_EQ(feature_matching_loss(other, one).item<double>(), 0.25);
}

TEST_F(ProjectedGame, FeatureMatchingWithoutMapsIsRefused) {
  recipe_.feature_matching = 1;
  recipe_.discriminator = "plain";
  EXPECT_THROW(recipe_.validate(), std::invalid_argument);
}

TEST_F(ProjectedGame, NamesWhatIsMissing) {
  try {
    Trainer trainer(recipe_, data_, c10::kCPU);
    FAIL() << "no error";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("--projection"));
  }
}

}  // namespace
}  // namespace cgan::testing
