#include "training/recipe/training_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "../pictures.h"
#include "model/weights/weights.h"
#include "training/recipe/trainer.h"

namespace cgan::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::vector<nlohmann::json> lines_of(const fs::path& path) {
  std::vector<nlohmann::json> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

class TrainingRun : public ::testing::Test {
 protected:
  TrainingRun() {
    settings_.folder = folder_.string();
    settings_.log_every = 1;
    ::testing::internal::CaptureStderr();
  }
  ~TrainingRun() override { ::testing::internal::GetCapturedStderr(); }

  TemporaryFolder folder_;
  RunSettings settings_;
  const FormulaPictures training_{16, 32}, pictures_{6, 32}, more_pictures_{4, 32};
  const std::vector<ValidationSet> validation_ = {{"test", pictures_}};
  std::atomic<bool> stop_{false};
};

TEST_F(TrainingRun, LeavesWeightsMetricsAndPictures) {
  auto recipe = tiny_recipe();
  recipe.epochs = 2;
  EXPECT_EQ(train(recipe, settings_, training_, validation_, stop_), RunEnd::kFinished);
  const auto generator = read_weights((folder_ / "generator.safetensors").string());
  const auto provenance = nlohmann::json::parse(generator.header.provenance);
  EXPECT_EQ(provenance["pictures_seen"], 32);
  EXPECT_EQ(provenance["epochs"], 2);
  EXPECT_EQ(provenance["recipe"]["batch"], 8);
  EXPECT_EQ(read_weights((folder_ / "discriminator.safetensors").string()).header.architecture,
            "report-discriminator");
  for (const char* name : {"epoch-001-train.png", "epoch-002-test.png"})
    EXPECT_GT(fs::file_size(folder_ / "grids" / name), 1000u) << name;

  const auto lines = lines_of(folder_ / "metrics.jsonl");
  ASSERT_EQ(lines.size(), 1u + 4u + 2u);
  EXPECT_EQ(lines[0]["kind"], "recipe");
  EXPECT_EQ(lines[1]["kind"], "steps");
  EXPECT_GT(lines[1]["l1"], 0);
  EXPECT_EQ(lines[6]["kind"], "epoch");
  EXPECT_EQ(lines[6]["pictures"], 6);
  EXPECT_GT(lines[6]["mae"], 0);
  EXPECT_GT(lines[6]["spread_original"], 0);
  EXPECT_GT(lines[6]["hues"]["red"]["share"], 0);
}

TEST_F(TrainingRun, ScoresSeveralSetsSideBySide) {
  auto recipe = tiny_recipe();
  recipe.epochs = 1;
  train(recipe, settings_, training_, {{"val", pictures_}, {"film", more_pictures_}}, stop_);
  const auto line = lines_of(folder_ / "metrics.jsonl").back();
  EXPECT_EQ(line["pictures"], 6);
  EXPECT_EQ(line["sets"]["val"]["psnr_gain"], line["psnr_gain"]);
  EXPECT_EQ(line["sets"]["film"]["pictures"], 4);
  EXPECT_GE(line["sets"]["film"]["worse_than_grey"], 0);
  EXPECT_LE(line["sets"]["film"]["worse_than_grey"], 1);
  EXPECT_TRUE(fs::exists(folder_ / "grids/epoch-001-film.png"));
  EXPECT_THROW(train(recipe, settings_, training_, {}, stop_), std::invalid_argument);
}

TEST_F(TrainingRun, MeasuresInFeaturesWhereANetworkIsGiven) {
  // Features are the means of R, G and B.
  torch::jit::Module module("means");
  module.define("def forward(self, rgb):\n  means = rgb.mean([2, 3])\n  return means, means\n");
  const TemporaryFolder files;
  settings_.features = (files / "means.pt").string();
  module.save(settings_.features);
  auto recipe = tiny_recipe();
  recipe.epochs = 1;
  train(recipe, settings_, training_, {{"val", pictures_}, {"film", more_pictures_}}, stop_);
  const auto sets = lines_of(folder_ / "metrics.jsonl").back()["sets"];
  for (const char* name : {"val", "film"}) {
    EXPECT_GT(sets[name]["fid_grey"], 0) << name;
    EXPECT_GE(sets[name]["fid_ratio"], 0) << name;
    EXPECT_TRUE(sets[name].contains("recovery_answer")) << name;
  }
}

TEST_F(TrainingRun, StopsWithACheckpointAndGoesOnWithTheSameLosses) {
  const auto recipe = tiny_recipe();
  stop_ = true;
  EXPECT_EQ(train(recipe, settings_, training_, validation_, stop_), RunEnd::kStopped);
  stop_ = false;
  settings_.resume = true;
  EXPECT_EQ(train(recipe_of_checkpoint(folder_.string()), settings_, training_, validation_, stop_),
            RunEnd::kFinished);

  TemporaryFolder whole_folder;
  auto whole = settings_;
  whole.folder = whole_folder.string();
  whole.resume = false;
  train(recipe, whole, training_, validation_, stop_);
  auto expected = lines_of(whole_folder / "metrics.jsonl");
  auto lines = lines_of(folder_ / "metrics.jsonl");
  for (auto* list : {&expected, &lines})
    for (auto& line : *list) line.erase("images_per_second");
  EXPECT_EQ(lines, expected);
}

TEST_F(TrainingRun, KeepsTheLastCheckpointWhenTheLossIsNotANumber) {
  auto recipe = tiny_recipe();
  recipe.epochs = 1;
  train(recipe, settings_, training_, validation_, stop_);
  const auto before = fs::last_write_time(folder_ / "checkpoint.safetensors");
  settings_.resume = true;
  recipe.epochs = 50;
  recipe.lr = recipe.d_lr = 1e30;
  EXPECT_THROW(train(recipe, settings_, training_, validation_, stop_), std::runtime_error);
  EXPECT_EQ(fs::last_write_time(folder_ / "checkpoint.safetensors"), before);
  EXPECT_EQ(recipe_of_checkpoint(folder_.string()).epochs, 1);
}

TEST_F(TrainingRun, TellsTheLegsThatItStartedFrom) {
  auto recipe = tiny_recipe();
  recipe.epochs = 1;
  const TemporaryFolder first, second;
  for (const auto& to : {first.string(), second.string(), folder_.string()}) {
    settings_.folder = to;
    train(recipe, settings_, training_, validation_, stop_);
    settings_.init = to + "/generator.safetensors";
    ++recipe.seed;
  }
  const auto weights = read_weights(settings_.init);
  const auto legs = nlohmann::json::parse(weights.header.provenance)["started_from"];
  ASSERT_EQ(legs.size(), 2u);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(legs[i]["file"], "generator.safetensors");
    EXPECT_EQ(legs[i]["pictures_seen"], 16);
    EXPECT_EQ(legs[i]["recipe"]["seed"], i + 1);
    EXPECT_FALSE(legs[i].contains("started_from"));
    EXPECT_EQ(legs[i]["from"], i == 0 ? nlohmann::json::array() : nlohmann::json::array({0}));
  }

  settings_.init.clear();
  settings_.resume = true;
  recipe.epochs = 2;
  train(recipe, settings_, training_, validation_, stop_);
  const auto resumed = read_weights((folder_ / "generator.safetensors").string());
  EXPECT_EQ(nlohmann::json::parse(resumed.header.provenance)["started_from"], legs);
}

/// Weights of the tiny recipe's generator with this provenance.
void write_generator(const std::string& path, const std::string& provenance) {
  const FormulaPictures pictures(16, 32);
  Trainer trainer(tiny_recipe(), pictures, c10::kCPU);
  write_weights(path, trainer.generator_weights(provenance), StorageType::kFloat16);
}

TEST_F(TrainingRun, ManyLegsLaterTheWeightsCanStillBeRead) {
  auto recipe = tiny_recipe();
  recipe.epochs = 1;
  settings_.init = (folder_ / "legs.safetensors").string();
  auto legs = nlohmann::json::array();
  for (int leg = 0; leg < 100; ++leg)
    legs.push_back({{"from", leg == 0 ? nlohmann::json::array() : nlohmann::json::array({leg - 1})},
                    {"date", leg}});
  write_generator(settings_.init, nlohmann::json({{"from", {99}}, {"started_from", legs}}).dump());
  EXPECT_EQ(train(recipe, settings_, training_, validation_, stop_), RunEnd::kFinished);
  const auto weights = read_weights((folder_ / "generator.safetensors").string());
  const auto provenance = nlohmann::json::parse(weights.header.provenance);
  EXPECT_EQ(provenance["from"], nlohmann::json::array({100}));
  EXPECT_EQ(provenance["started_from"].size(), 101u);
}

TEST_F(TrainingRun, DoesNotBeginWhatCouldNotBeReadAfterwards) {
  settings_.init = (folder_ / "deep.safetensors").string();
  // Eight levels are read, but a leg lies two levels deeper.
  write_generator(settings_.init, R"({"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}})");
  try {
    train(tiny_recipe(), settings_, training_, validation_, stop_);
    FAIL() << "began";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot be read back"));
    EXPECT_THAT(error.what(), HasSubstr("start it from"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "checkpoint.safetensors"));
  EXPECT_FALSE(fs::exists(folder_ / "trial.safetensors.new"));
}

TEST_F(TrainingRun, RefusesADeviceThatIsNone) {
  settings_.device = "abacus";
  EXPECT_THROW(train(tiny_recipe(), settings_, training_, validation_, stop_),
               std::invalid_argument);
}

}  // namespace
}  // namespace cgan::testing
