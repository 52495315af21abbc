#include "training/recipe/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace cgan {
namespace {

TEST(Recipe, OfTheReportHasItsNumbers) {
  const auto recipe = recipe_from_name("report");
  EXPECT_EQ(recipe.lr, 1e-4);
  EXPECT_EQ(recipe.d_lr, 1e-4);
  EXPECT_EQ(recipe.batch, 50);
  EXPECT_EQ(recipe.adversarial_loss, "bce");
  EXPECT_EQ(recipe.schedule, "constant");
}

TEST(Recipe, SurvivesTheWayThroughJson) {
  auto recipe = recipe_from_name("best");
  recipe.lr = 0.00123;
  recipe.augment = {"crop"};
  recipe.widths = {1, 2, 3, 4, 5};
  recipe.spectral_norm = !recipe.spectral_norm;
  const auto json = to_json(recipe);
  EXPECT_EQ(to_json(recipe_from_json(nlohmann::json::parse(json.dump()))), json);
}

TEST(Recipe, IsValidUnderEveryName) {
  recipe_from_name("report").validate();
  recipe_from_name("best").validate();
  EXPECT_THROW(recipe_from_name("secret"), std::invalid_argument);
}

TEST(Recipe, GoesOnWithTheDefaultOfAFieldThatAStoredRecipeLacks) {
  auto json = to_json(Recipe());
  json.erase("d_floor");
  EXPECT_EQ(recipe_from_json(json).d_floor, Recipe().d_floor);
}

TEST(Recipe, NamesTheStoredValueOfAnotherType) {
  auto json = to_json(Recipe());
  json["d_floor"] = "low";
  try {
    recipe_from_json(json);
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("d_floor"));
  }
}

TEST(Recipe, RefusesValuesOutsideTheirRange) {
  const auto refused = [](auto change) {
    Recipe recipe;
    change(recipe);
    EXPECT_THROW(recipe.validate(), std::invalid_argument);
  };
  refused([](Recipe& r) { r.epochs = 0; });
  refused([](Recipe& r) { r.batch = 3, r.workers = 2; });
  refused([](Recipe& r) { r.tile = 20; });
  refused([](Recipe& r) { r.widths = {1, 2}; });
  refused([](Recipe& r) { r.lr = 0; });
  refused([](Recipe& r) { r.ema = 1; });
  refused([](Recipe& r) { r.l1 = -1; });
  refused([](Recipe& r) { r.schedule = "sine"; });
  refused([](Recipe& r) { r.augment = {"rotate"}; });
  refused([](Recipe& r) { r.reverse = "sideways"; });
  refused([](Recipe& r) { r.adversarial_loss = "wasserstein"; });
  refused([](Recipe& r) { r.adversarial = r.l1 = r.cosine = 0; });
}

TEST(Recipe, RateRisesThroughTheWarmupAndFallsAlongTheCosine) {
  Recipe recipe;
  recipe.epochs = 12;
  recipe.warmup = 2;
  recipe.schedule = "cosine";
  recipe.lr_final = 0.1;
  EXPECT_NEAR(recipe.rate_factor(1), 0.5, 1e-9);
  EXPECT_NEAR(recipe.rate_factor(2), 1, 1e-9);
  EXPECT_NEAR(recipe.rate_factor(7), 0.55, 1e-9);
  EXPECT_NEAR(recipe.rate_factor(12), 0.1, 1e-9);
  EXPECT_GT(recipe.rate_factor(0), 0);
  recipe.schedule = "constant";
  EXPECT_EQ(recipe.rate_factor(9), 1);
}

}  // namespace
}  // namespace cgan
