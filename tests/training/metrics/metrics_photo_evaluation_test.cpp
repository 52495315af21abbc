#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <stb_image_write.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "model/colour.h"
#include "model/networks/report_generator.h"
#include "model/weights/network_weights.h"
#include "picture_folders.h"
#include "training/metrics/contact_sheet.h"
#include "training/metrics/evaluation.h"
#include "training/metrics/photo_colouring.h"
#include "training/metrics/picture_files.h"
#include "training/metrics/residual_classifier.h"

namespace cgan {
namespace {

namespace fs = std::filesystem;

// (1, 3, H, W), every pixel its own colour.
at::Tensor colourful_picture(int64_t height, int64_t width) {
  const auto rows = at::linspace(0.1, 0.9, height).view({1, 1, height, 1});
  const auto columns = at::linspace(0.2, 0.8, width).view({1, 1, 1, width});
  const auto shape = std::vector<int64_t>{1, 1, height, width};
  return at::cat({rows.expand(shape), columns.expand(shape), (1 - rows).expand(shape)}, 1);
}

class PhotoEvaluation : public testing::PictureFolders {
 protected:
  void write_picture(const std::string& name, const at::Tensor& rgb) const {
    const auto bytes = rgb[0].mul(255).round().to(at::kByte).permute({1, 2, 0}).contiguous();
    const int height = static_cast<int>(bytes.size(0)), width = static_cast<int>(bytes.size(1));
    ASSERT_NE(
        stbi_write_png(path(name).c_str(), width, height, 3, bytes.data_ptr<uint8_t>(), 3 * width),
        0);
  }

  void write_text(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }

  Weights write_generator() const {
    at::manual_seed(3);
    ReportGeneratorOptions options;
    options.widths = {4, 4, 8, 8, 8};
    ReportGenerator generator(options);
    generator->eval();
    write_weights(path("generator.safetensors"), to_weights(generator, "{}"),
                  StorageType::kFloat32);
    return read_weights(path("generator.safetensors"));
  }

  EvaluationOptions options() const {
    EvaluationOptions options;
    options.data = path("originals");
    options.weights = path("generator.safetensors");
    return options;
  }
};

TEST_F(PhotoEvaluation, ScoresTheGeneratorAndItsPicturesAlike) {
  const auto weights = write_generator();
  PhotoColouring colouring(FrozenGenerator::create(weights, {}), 40, 1);
  for (const auto& [name, height, width] :
       {std::tuple<std::string, int, int>{"a", 70, 50}, {"b", 33, 90}}) {
    const auto original = colourful_picture(height, width);
    write_picture("originals/" + name + ".png", original);
    const auto luma = rgb_to_luma(read_picture(path("originals/" + name + ".png")));
    write_picture("results/" + name + ".png", colouring.colour(luma));
  }
  auto wanted = options();
  wanted.work_size = 40;
  const auto generated = evaluate(wanted);
  wanted.weights = "";
  wanted.results = path("results");
  const auto found = evaluate(wanted);
  EXPECT_EQ(generated["pictures"], 2);
  EXPECT_EQ(generated["work_size"], 40);
  for (const char* key : {"psnr", "psnr_gain_pooled", "ciede2000", "chroma_distance"}) {
    const double value = generated[key].get<double>();
    EXPECT_NEAR(value, found[key].get<double>(), 0.05) << key;  // results are rounded to 8 bits
    EXPECT_NE(value, 0) << key;
  }
}

TEST_F(PhotoEvaluation, TakesClassesFromLabelsForRecovery) {
  write_generator();
  ResidualClassifier classifier;
  classifier->eval();
  write_torchscript(classifier, path("features.pt"));
  std::string labels = "class,file\n";
  for (int i = 0; i < 5; ++i) {
    write_picture("originals/" + std::to_string(i) + ".png", colourful_picture(32, 40 + 8 * i));
    labels += std::to_string(i) + "," + std::to_string(i) + ".png\n";
  }
  write_text("labels.csv", labels);
  auto wanted = options();
  wanted.features = path("features.pt");
  EXPECT_FALSE(evaluate(wanted).contains("recognised"));
  wanted.labels = path("labels.csv");
  const auto scores = evaluate(wanted);
  EXPECT_TRUE(scores.contains("recognised"));
  EXPECT_TRUE(scores.contains("probability_grey"));
  EXPECT_TRUE(scores.contains("fid"));
}

TEST_F(PhotoEvaluation, ShowsGreyPhotographsOnTheSheetAndDoesNotScoreThem) {
  write_generator();
  const auto colour = colourful_picture(40, 60);
  write_picture("originals/grey.png", rgb_to_luma(colour).expand_as(colour));
  auto wanted = options();
  EXPECT_THROW(evaluate(wanted), std::runtime_error) << "there is nothing to score and no sheet";
  wanted.sheet = path("sheet.png");
  auto scores = evaluate(wanted);
  EXPECT_EQ(scores["grey_originals"], 1);
  EXPECT_FALSE(scores.contains("psnr"));
  const auto two_pictures = read_picture(path("sheet.png")).size(3);

  write_picture("originals/grey.png", colour);
  scores = evaluate(wanted);
  EXPECT_EQ(scores["grey_originals"], 0);
  EXPECT_EQ(scores["pictures"], 1);
  const auto three_pictures = read_picture(path("sheet.png")).size(3);
  EXPECT_GT(three_pictures, two_pictures) << "the original is missing";

  wanted.beside = wanted.weights;
  evaluate(wanted);
  EXPECT_GT(read_picture(path("sheet.png")).size(3), three_pictures);
}

TEST_F(PhotoEvaluation, GivesTheBaselinesOfPhotographsAlone) {
  write_picture("originals/a.png", colourful_picture(20, 30));
  auto wanted = options();
  wanted.weights = "";
  wanted.baselines = true;
  const auto scores = evaluate(wanted);
  EXPECT_EQ(scores["pictures"], 1);
  EXPECT_GT(scores["baselines"]["grey"]["ciede2000"].get<double>(), 1);
}

TEST_F(PhotoEvaluation, SheetsScaleAllPicturesToOneHeight) {
  const auto flat = [](double level, int64_t height, int64_t width) {
    return at::full({1, 3, height, width}, level);
  };
  ContactSheet sheet;
  sheet.add({flat(0, 384, 2000), flat(0.2, 96, 50)});
  sheet.add({flat(0.4, 20, 150)});
  sheet.write(path("sheet.png"));
  const auto picture = read_picture(path("sheet.png"));
  // 1000 and 100 pixels wide; the second group, 1440, begins a new row.
  EXPECT_GE(picture.size(2), 2 * ContactSheet::kHeight);
  EXPECT_GE(picture.size(3), 1440);
  const auto level = [&](int64_t y, int64_t x) { return picture[0][1][y][x].item<double>(); };
  EXPECT_NEAR(level(191, 999), 0, 0.003);
  EXPECT_NEAR(level(0, 1000), 1, 0.003);
  EXPECT_NEAR(level(100, 1050), 0.2, 0.003);
  EXPECT_NEAR(level(100, 1200), 1, 0.003);
  EXPECT_NEAR(level(300, 1400), 0.4, 0.003);
}

TEST_F(PhotoEvaluation, GreyIsWhatStaysWithinTwoCodes) {
  auto picture = at::full({1, 3, 4, 4}, 100.0 / 255);
  picture[0][1][2][2] = 102.0 / 255;
  EXPECT_TRUE(is_grey(picture));
  picture[0][1][2][2] = 103.0 / 255;
  EXPECT_FALSE(is_grey(picture));
}

TEST_F(PhotoEvaluation, LabelsAreFoundByFileName) {
  write_text("labels.csv", "name,file,class\r\nhen,val-1.jpg,8\r\nray,val-2.jpg,5\r\n");
  const PictureLabels labels(path("labels.csv"));
  EXPECT_EQ(labels.of("any/folder/val-1.jpg"), 8);
  EXPECT_EQ(labels.of("val-2.jpg"), 5);
  EXPECT_THROW(labels.of("val-3.jpg"), std::runtime_error);
}

TEST_F(PhotoEvaluation, BrokenLabelsAreRefused) {
  EXPECT_THROW(PictureLabels(path("missing.csv")), std::runtime_error);
  for (const char* text : {"file,name\na.jpg,hen\n", "file,class\na.jpg\n",
                           "file,class\na.jpg,-1\n", "file,class\na.jpg,8x\n"}) {
    write_text("labels.csv", text);
    EXPECT_THROW(PictureLabels(path("labels.csv")), std::runtime_error) << text;
  }
}

}  // namespace
}  // namespace cgan
