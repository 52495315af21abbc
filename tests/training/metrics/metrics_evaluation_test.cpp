#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <stb_image_write.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "model/weights/network_weights.h"
#include "picture_folders.h"
#include "training/metrics/evaluation.h"
#include "training/metrics/residual_classifier.h"
#include "training/metrics/result_pictures.h"
#include "training/metrics/score_table.h"

namespace cgan {
namespace {

namespace fs = std::filesystem;

class Evaluation : public testing::PictureFolders {
 protected:
  // Every pixel its own colour, none grey, so that a mistake of place or channel shows.
  void write_picture(const std::string& name, int width, int height, int red = 200) const {
    std::vector<uint8_t> rgb;
    for (int i = 0; i < width * height; ++i)
      for (const int value : {red, i % 200, 40}) rgb.push_back(static_cast<uint8_t>(value));
    ASSERT_NE(stbi_write_png(path(name).c_str(), width, height, 3, rgb.data(), 3 * width), 0);
  }

  // Records of CIFAR-10: a label, then planes.
  void write_batch(const std::string& name, int count) const {
    std::ofstream file(path(name), std::ios::binary);
    for (int i = 0; i < count; ++i) {
      file.put(static_cast<char>(i % 10));
      for (int k = 0; k < 3072; ++k)
        file.put(static_cast<char>((k * (i + 3) + 90 * (k / 1024)) % 256));
    }
  }

  void write_networks() const {
    ReportGeneratorOptions options;
    options.widths = {4, 4, 8, 8, 8};
    ReportGenerator generator(options);
    generator->eval();
    write_weights(path("generator.safetensors"), to_weights(generator, "{}"),
                  StorageType::kFloat32);
    DiscriminatorOptions judge;
    judge.widths = {4, 4, 8, 8};
    write_weights(path("discriminator.safetensors"), to_weights(Discriminator(judge), "{}"),
                  StorageType::kFloat32);
    ResidualClassifier classifier;
    classifier->eval();
    write_torchscript(classifier, path("features.pt"));
  }
};

TEST_F(Evaluation, ScoresAGeneratorByEveryMeasure) {
  write_batch("test.bin", 23);
  write_networks();
  EvaluationOptions options;
  options.data = path("test.bin");
  options.weights = path("generator.safetensors");
  options.discriminator = path("discriminator.safetensors");
  options.features = path("features.pt");
  options.sheet = path("sheet.png");
  options.baselines = true;
  options.limit = 20;
  const auto scores = evaluate(options);
  EXPECT_EQ(scores["pictures"], 20);
  for (const char* key : {"accuracy_2",
                          "accuracy_5",
                          "mae",
                          "accuracy_2_own_l",
                          "accuracy_5_own_l",
                          "mae_own_l",
                          "psnr",
                          "psnr_gain",
                          "ciede2000",
                          "colourfulness",
                          "colourfulness_ratio",
                          "fid",
                          "fid_grey",
                          "fid_ratio",
                          "inception_score",
                          "precision",
                          "recall",
                          "d_accuracy",
                          "d_cross_entropy",
                          "d_precision",
                          "d_recall",
                          "spread",
                          "worse_than_grey"})
    EXPECT_TRUE(scores.contains(key) && scores[key].is_number()) << key;
  EXPECT_EQ(scores["per_class"].size(), 10u);
  EXPECT_EQ(scores["per_hue"].size(), 6u);
  EXPECT_GT(fs::file_size(path("sheet.png")), 100u);
  EXPECT_GT(scores["baselines"]["grey"]["mae"].get<double>(), 1);

  const auto table = score_table(scores);
  EXPECT_NE(table.find("accuracy at 5 %, original's L"), std::string::npos);
  EXPECT_NE(table.find("(features of "), std::string::npos);
}

TEST_F(Evaluation, ScoresResultsByFileNameAgainstTheirOriginals) {
  write_picture("originals/a.png", 21, 9);
  write_picture("originals/b.png", 8, 8);
  write_picture("originals/c.png", 8, 8);
  write_picture("results/a.png", 21, 9);
  write_picture("results/b.png", 8, 8, 120);
  EvaluationOptions options;
  options.data = path("originals");
  options.results = path("results");
  const auto scores = evaluate(options);
  EXPECT_EQ(scores["pictures"], 2);
  EXPECT_EQ(scores["originals_without_result"], 1);
  // 189 pixels are exact, 64 wrong by 80 codes of red.
  EXPECT_NEAR(scores["accuracy_5"].get<double>(), 100.0 * 189 / 253, 1e-6);
}

TEST_F(Evaluation, ScoresAGeneratorOnTheTilesOfAFolder) {
  ::setenv("XDG_CACHE_HOME", path("cache").c_str(), 1);
  write_picture("originals/a.png", 50, 40);
  write_picture("originals/b.png", 32, 64);
  write_networks();
  EvaluationOptions options;
  options.data = path("originals");
  options.weights = path("generator.safetensors");
  options.discriminator = path("discriminator.safetensors");
  options.tiles = true;
  const auto scores = evaluate(options);
  EXPECT_EQ(scores["pictures"], 2);
  EXPECT_GT(scores["psnr"].get<double>(), 0);
  EXPECT_TRUE(scores.contains("d_accuracy"));
}

TEST_F(Evaluation, NamesTheResultThatHasNoOriginal) {
  write_picture("originals/a.png", 8, 8);
  write_picture("results/b.png", 8, 8);
  try {
    ResultPictures(path("results"), path("originals"));
    FAIL() << "a result without an original was taken";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("'b'"), std::string::npos);
  }
}

TEST_F(Evaluation, NamesBothSizesWhereAResultIsNotOfItsOriginalsSize) {
  write_picture("originals/a.png", 8, 8);
  write_picture("results/a.png", 8, 6);
  try {
    ResultPictures(path("results"), path("originals")).read(0);
    FAIL() << "pictures of two sizes were compared";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("8x6"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("8x8"), std::string::npos);
  }
}

TEST_F(Evaluation, GivesTheBaselinesOfDataAlone) {
  write_batch("test.bin", 5);
  EvaluationOptions options;
  options.data = path("test.bin");
  options.baselines = true;
  const auto baselines = evaluate(options)["baselines"];
  EXPECT_GT(baselines["grey"]["mae"].get<double>(), 1);
  EXPECT_GT(baselines["grey"]["ciede2000"].get<double>(), 1);
  EXPECT_TRUE(baselines["mean_colour"].contains("accuracy_2"));
}

TEST(EvaluationOptions, ThatContradictEachOtherAreRefused) {
  const auto refused = [](const EvaluationOptions& options) {
    EXPECT_THROW(evaluate(options), std::invalid_argument);
  };
  EvaluationOptions options;
  refused(options);
  options.data = "originals";
  refused(options);
  options.results = "results";
  options.weights = "cifar10";
  refused(options);
  options.weights = "";
  options.discriminator = "discriminator.safetensors";
  refused(options);
  options.discriminator = "";
  options.beside = "cifar10";
  refused(options);
  options.beside = "";
  options.limit = 0;
  refused(options);
}

TEST_F(Evaluation, RefusesOptionsOfPhotographsForTilesAndTheReverse) {
  write_batch("test.bin", 2);
  fs::create_directories(path("photographs"));
  EvaluationOptions options;
  options.weights = "cifar10";
  options.data = path("test.bin");
  options.saturation = 2;
  EXPECT_THROW(evaluate(options), std::invalid_argument);
  options.saturation = 1;
  options.labels = "labels.csv";
  EXPECT_THROW(evaluate(options), std::invalid_argument);
  options.labels = "";
  options.data = path("photographs");
  options.discriminator = path("discriminator.safetensors");
  EXPECT_THROW(evaluate(options), std::invalid_argument);
}

}  // namespace
}  // namespace cgan
