#include "training/recipe/trainer.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "../pictures.h"
#include "training/recipe/networks.h"

namespace cgan::testing {
namespace {

using ::testing::HasSubstr;

std::vector<at::Tensor> copy_of(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> copies;
  for (const auto& tensor : tensors) copies.push_back(tensor.detach().clone());
  return copies;
}

bool equal(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!at::equal(a[i], b[i])) return false;
  return true;
}

/// Equal but for what a learning rate of 1e-38 may do to a number that is exactly 0.
bool stands_still(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if ((a[i] - b[i]).abs().max().item<double>() > 1e-30) return false;
  return true;
}

/// Every loss that a step measured, to be compared bit by bit.
std::vector<double> readings(const StepLosses& losses) {
  std::vector<double> values;
  for (const auto& [name, value] : kGeneratorReadings) values.push_back(losses.*value);
  for (const auto& [name, value] : kDiscriminatorReadings) values.push_back(losses.*value);
  return values;
}

std::vector<std::vector<double>> run(Trainer& trainer, int steps) {
  std::vector<std::vector<double>> result;
  for (int i = 0; i < steps; ++i) result.push_back(readings(trainer.step()));
  return result;
}

Recipe recipe_with_everything() {
  auto recipe = tiny_recipe();
  recipe.spectral_norm = true;
  recipe.adversarial_loss = "hinge";
  recipe.chroma = 10;
  recipe.aux_class = 0.1;
  recipe.schedule = "cosine";
  recipe.warmup = 0.5;
  recipe.augment = {"flip", "shift"};
  return recipe;
}

TEST(Trainer, LossFallsOnATinySet) {
  const FormulaPictures data(16, 32);
  auto recipe = tiny_recipe();
  recipe.lr = 5e-3;
  Trainer trainer(recipe, data, c10::kCPU);
  std::vector<double> losses;
  for (int i = 0; i < 60; ++i) losses.push_back(trainer.step().l1);
  EXPECT_LT(losses.back(), 0.5 * losses.front());
}

TEST(Trainer, EveryTermIsMeasuredWhereItHasAWeight) {
  const FormulaPictures data(16, 32);
  Trainer trainer(recipe_with_everything(), data, c10::kCPU);
  const auto losses = trainer.step();
  EXPECT_GT(losses.l1, 0);
  EXPECT_GT(losses.cosine, 0);
  EXPECT_GT(losses.chroma, 0);
  EXPECT_GT(losses.reverse, 0);
  EXPECT_NEAR(losses.aux_class, std::log(2.0), 0.5);
  EXPECT_GT(losses.discriminator, 0);
  EXPECT_NEAR(losses.generator,
              losses.adversarial + 100 * losses.l1 + 10 * losses.cosine + 10 * losses.chroma +
                  losses.reverse + 0.1 * losses.aux_class,
              1e-3);
}

Recipe tiny_photo_recipe() {
  auto recipe = recipe_from_name("photo");
  recipe.tile = 32;
  recipe.batch = 4;
  recipe.workers = 2;
  recipe.widths = {8, 8, 8, 8, 8};
  recipe.d_widths = {4, 4, 4, 4};
  recipe.adversarial = 0.1;
  recipe.colourfulness = 1;
  recipe.consistency = 1;
  recipe.pairs = 0.5;
  recipe.vividness = 0.5;
  recipe.warmup = 0;
  return recipe;
}

TEST(Trainer, PhotoGeneratorIsAskedForEveryTermThatHasAWeight) {
  const FormulaPictures data(8, 64);
  const auto recipe = tiny_photo_recipe();
  Trainer trainer(recipe, data, c10::kCPU);
  const auto losses = trainer.step();
  EXPECT_GT(losses.chroma, 0);
  EXPECT_GT(losses.colourfulness, 0);
  EXPECT_GT(losses.consistency, 0);
  EXPECT_GT(losses.discriminator, 0);
  EXPECT_NEAR(losses.generator,
              recipe.chroma * losses.chroma + losses.colourfulness + losses.consistency +
                  recipe.adversarial * losses.adversarial,
              1e-4);
}

TEST(TrainedGenerator, ColoursPicturesThatAreShownAgainAsAtFirst) {
  auto recipe = tiny_photo_recipe();
  for (const char* network : {"photo", "report"}) {
    recipe.network = network;
    recipe.tile = 64;
    const auto generator = make_generator(recipe);
    generator->network().train();
    const auto input = at::rand({4, 1, 64, 64}).mul(2).sub(1);
    const auto both = at::cat({input, input.narrow(0, 0, 2)});
    const auto picture =
        generator->colour(both, at_scale(both, generator->scale()), {}, uint64_t{7}, 2).picture;
    EXPECT_LT((picture.narrow(0, 4, 2) - picture.narrow(0, 0, 2)).abs().max().item<double>(), 1e-5)
        << network;
    EXPECT_GT((picture[0] - picture[1]).abs().max().item<double>(), 1e-3) << network;
  }
}

TEST(Trainer, PhotoGeneratorResumesToTheSameBits) {
  const FormulaPictures data(8, 64);
  Trainer whole(tiny_photo_recipe(), data, c10::kCPU);
  run(whole, 2);
  Trainer resumed(tiny_photo_recipe(), data, c10::kCPU);
  resumed.restore(whole.state());
  EXPECT_EQ(run(resumed, 2), run(whole, 2));
}

at::Tensor weight(const Trainer& trainer, const std::string& name) {
  return trainer.generator().network().named_parameters()[name + ".weight"];
}

TEST(Trainer, EncoderRestsUntilItsEpochAndThenMoves) {
  const FormulaPictures data(8, 64);
  auto recipe = tiny_photo_recipe();
  recipe.encoder_from = 1;
  Trainer trainer(recipe, data, c10::kCPU);
  const auto encoder = weight(trainer, "encoder.stem").clone();
  const auto decoder = weight(trainer, "out").clone();
  run(trainer, 2);
  EXPECT_TRUE(at::equal(weight(trainer, "encoder.stem"), encoder));
  EXPECT_FALSE(at::equal(weight(trainer, "out"), decoder));
  run(trainer, 1);
  EXPECT_FALSE(at::equal(weight(trainer, "encoder.stem"), encoder));
}

TEST(Trainer, FineResolutionsOfTheEncoderStayAsTheyAre) {
  const FormulaPictures data(8, 64);
  auto recipe = tiny_photo_recipe();
  recipe.encoder_frozen = 3;
  recipe.encoder_from = 0;
  recipe.weight_decay = 0.1;
  Trainer trainer(recipe, data, c10::kCPU);
  // Lite2's third tap ends with its seventh block.
  const auto fine = weight(trainer, "encoder.blocks.6.project").clone();
  const auto coarse = weight(trainer, "encoder.blocks.7.expand").clone();
  run(trainer, 1);
  EXPECT_TRUE(at::equal(weight(trainer, "encoder.blocks.6.project"), fine));
  EXPECT_FALSE(at::equal(weight(trainer, "encoder.blocks.7.expand"), coarse));
}

TEST(Trainer, PerceptualTermWithoutNetworkNamesTheRemedy) {
  const FormulaPictures data(8, 64);
  auto recipe = tiny_photo_recipe();
  recipe.perceptual = 1;
  try {
    Trainer trainer(recipe, data, c10::kCPU);
    FAIL() << "no error";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("--perceptual"));
  }
}

TEST(Trainer, SameSeedAndWorkersGiveTheSameBits) {
  const FormulaPictures data(24, 32);
  Trainer first(recipe_with_everything(), data, c10::kCPU);
  Trainer second(recipe_with_everything(), data, c10::kCPU);
  EXPECT_EQ(run(first, 7), run(second, 7));
  EXPECT_TRUE(
      equal(first.generator().network().parameters(), second.generator().network().parameters()));

  auto other_seed = recipe_with_everything();
  other_seed.seed = 2;
  Trainer third(other_seed, data, c10::kCPU);
  EXPECT_NE(run(third, 1), run(first, 1));
}

TEST(Trainer, ResumedRunGivesTheLossesOfOneThatWasNotStopped) {
  const FormulaPictures data(24, 32);
  Trainer whole(recipe_with_everything(), data, c10::kCPU);
  run(whole, 4);
  const auto expected = run(whole, 5);

  Trainer stopped(recipe_with_everything(), data, c10::kCPU);
  run(stopped, 4);
  TemporaryFolder folder;
  const auto path = (folder / "state.safetensors").string();
  write_weights(path, stopped.state(), StorageType::kFloat32);
  Trainer resumed(recipe_with_everything(), data, c10::kCPU);
  run(resumed, 2);
  resumed.restore(read_weights(path));
  EXPECT_EQ(resumed.steps_done(), 4);
  EXPECT_EQ(run(resumed, 5), expected);
  resumed.settle_statistics();
  whole.settle_statistics();
  EXPECT_TRUE(
      equal(resumed.generator().network().parameters(), whole.generator().network().parameters()));
  EXPECT_TRUE(equal(running_statistics(resumed.averaged_generator().network()),
                    running_statistics(whole.averaged_generator().network())));
  EXPECT_TRUE(equal(resumed.averaged_generator().network().parameters(),
                    whole.averaged_generator().network().parameters()));
}

TEST(Trainer, RefusesAStateOfOtherNetworksOrData) {
  const FormulaPictures data(16, 32), other_data(24, 32);
  Trainer trainer(tiny_recipe(), data, c10::kCPU);
  const auto state = trainer.state();
  Trainer with_other_data(tiny_recipe(), other_data, c10::kCPU);
  EXPECT_THROW(with_other_data.restore(state), std::invalid_argument);
  auto wider = tiny_recipe();
  wider.widths = {8, 8, 8, 8, 16};
  Trainer with_other_widths(wider, data, c10::kCPU);
  EXPECT_THROW(with_other_widths.restore(state), std::invalid_argument);
  EXPECT_THROW(trainer.restore(trainer.generator_weights("{}")), std::invalid_argument);
}

// Alternation: with the learning rate of one network as good as zero, only the other one moves.
TEST(Trainer, DiscriminatorStepLeavesTheGeneratorAlone) {
  const FormulaPictures data(16, 32);
  auto recipe = tiny_recipe();
  recipe.lr = 1e-38;
  Trainer trainer(recipe, data, c10::kCPU);
  const auto generator = copy_of(trainer.generator().network().parameters());
  const auto discriminator = copy_of(trainer.discriminator().network().parameters());
  EXPECT_TRUE(trainer.step().discriminator_moved);
  EXPECT_TRUE(stands_still(generator, trainer.generator().network().parameters()));
  EXPECT_FALSE(equal(discriminator, trainer.discriminator().network().parameters()));
}

TEST(Trainer, GeneratorStepLeavesTheDiscriminatorAlone) {
  const FormulaPictures data(16, 32);
  auto recipe = tiny_recipe();
  recipe.d_floor = 1e9;
  Trainer trainer(recipe, data, c10::kCPU);
  const auto generator = copy_of(trainer.generator().network().parameters());
  const auto discriminator = copy_of(trainer.discriminator().network().parameters());
  const auto losses = trainer.step();
  EXPECT_FALSE(losses.discriminator_moved);
  EXPECT_GT(losses.adversarial, 0);
  EXPECT_FALSE(equal(generator, trainer.generator().network().parameters()));
  EXPECT_TRUE(equal(discriminator, trainer.discriminator().network().parameters()));
}

TEST(Trainer, GeneratorLearnsFromTheDiscriminatorJustUpdated) {
  const FormulaPictures data(16, 32);
  auto slow = tiny_recipe(), fast = tiny_recipe();
  slow.d_lr = 1e-38;
  fast.d_lr = 1e-2;
  Trainer with_old(slow, data, c10::kCPU), with_new(fast, data, c10::kCPU);
  const auto old_losses = with_old.step(), new_losses = with_new.step();
  EXPECT_EQ(old_losses.discriminator, new_losses.discriminator);
  EXPECT_GT(std::abs(new_losses.adversarial - old_losses.adversarial), 1e-3);
}

TEST(Trainer, GameStartsInItsEpoch) {
  const FormulaPictures data(16, 32);
  auto recipe = tiny_recipe();
  recipe.adversarial_from = 1;
  Trainer trainer(recipe, data, c10::kCPU);
  EXPECT_EQ(trainer.steps_per_epoch(), 2);
  EXPECT_EQ(trainer.step().discriminator, 0);
  EXPECT_EQ(trainer.step().adversarial, 0);
  const auto losses = trainer.step();
  EXPECT_GT(losses.discriminator, 0);
  EXPECT_GT(losses.adversarial, 0);
}

TEST(Trainer, AscentComesEverySoManySteps) {
  const FormulaPictures data(16, 32);
  auto recipe = tiny_recipe();
  recipe.reverse = "ascent";
  recipe.reverse_every = 3;
  Trainer trainer(recipe, data, c10::kCPU);
  for (int step = 1; step <= 6; ++step) {
    const auto losses = trainer.step();
    EXPECT_EQ(losses.reverse < 0, step % 3 == 0) << "step " << step;
    EXPECT_EQ(losses.l1 > 0, step % 3 != 0) << "step " << step;
  }
}

TEST(Trainer, WorkersShareParametersAndRunningStatistics) {
  const FormulaPictures data(16, 32);
  auto alone = tiny_recipe();
  alone.workers = 1;
  Trainer trainer(alone, data, c10::kCPU), team(tiny_recipe(), data, c10::kCPU);
  for (int i = 0; i < 3; ++i) {
    trainer.step();
    team.step();
  }
  // Ghost batch norm makes them differ, but not by much: the shares add up to the batch.
  EXPECT_NEAR(team.step().l1, trainer.step().l1, 0.05);
}

TEST(Trainer, StopsBeforeItLearnsFromALossThatIsNotANumber) {
  const FormulaPictures data(16, 32);
  Trainer trainer(tiny_recipe(), data, c10::kCPU);
  trainer.step();
  {
    at::NoGradGuard no_graph;
    trainer.generator().network().named_parameters()["out.bias"].fill_(
        std::numeric_limits<float>::quiet_NaN());
  }
  const auto discriminator = copy_of(trainer.discriminator().network().parameters());
  try {
    trainer.step();
    FAIL() << "went on";
  } catch (const NotFinite& error) {
    EXPECT_THAT(error.what(), HasSubstr("step 2"));
    EXPECT_THAT(error.what(), HasSubstr("--resume"));
  }
  EXPECT_TRUE(equal(discriminator, trainer.discriminator().network().parameters()));
}

TEST(Trainer, StatisticsForExportAreThoseOfTheAveragedWeightsWithoutDropout) {
  const FormulaPictures data(16, 32);
  Trainer trainer(recipe_with_everything(), data, c10::kCPU);
  run(trainer, 3);
  const auto statistics_of = [](const Trainer& of) {
    return copy_of(running_statistics(of.averaged_generator().network()));
  };
  const auto before = statistics_of(trainer);
  trainer.settle_statistics();
  const auto settled = statistics_of(trainer);
  EXPECT_FALSE(equal(settled, before));
  EXPECT_FALSE(trainer.averaged_generator().network().is_training());

  auto without_dropout = recipe_with_everything();
  without_dropout.dropout = 0;
  Trainer next(without_dropout, data, c10::kCPU);
  next.start_from_generator(trainer.generator_weights("{}"));
  run(next, 0);
  next.settle_statistics();
  EXPECT_TRUE(equal(statistics_of(next), settled));
}

TEST(Trainer, ExportsTheAverageAndStartsFromIt) {
  const FormulaPictures data(16, 32);
  Trainer trainer(recipe_with_everything(), data, c10::kCPU);
  run(trainer, 3);
  const auto weights = trainer.generator_weights("{}");
  EXPECT_EQ(weights.header.architecture, "report-generator");
  EXPECT_TRUE(at::equal(weights.tensors.at("out.weight"),
                        trainer.averaged_generator().network().named_parameters()["out.weight"]));
  EXPECT_FALSE(at::equal(weights.tensors.at("out.weight"),
                         trainer.generator().network().named_parameters()["out.weight"]));
  Trainer next(tiny_recipe(), data, c10::kCPU);
  next.start_from_generator(weights);
  next.start_from_discriminator(trainer.discriminator_weights("{}"));
  EXPECT_TRUE(equal(next.generator().network().parameters(),
                    trainer.averaged_generator().network().parameters()));
  EXPECT_THROW(next.start_from_discriminator(weights), ModelFileError);
}

TEST(Trainer, RefusesWhatTheDataCannotGive) {
  const FormulaPictures few(4, 32);
  EXPECT_THROW(Trainer(tiny_recipe(), few, c10::kCPU), std::invalid_argument);
}

}  // namespace
}  // namespace cgan::testing
