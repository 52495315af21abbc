#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "training/losses/feature_network.h"
#include "training/metrics/residual_classifier.h"

namespace cgan {
namespace {

std::string temporary_file(const std::string& name) {
  return ::testing::TempDir() + name;
}

// Two classes that differ in the brightness of red.
LabelledPictures easy_pictures(int64_t count) {
  LabelledPictures pictures;
  pictures.labels = at::arange(count, at::kLong).remainder(2);
  pictures.pictures = (at::arange(count * 3 * 256, at::kLong) * 37).remainder(64).to(at::kByte);
  pictures.pictures = pictures.pictures.view({count, 3, 16, 16});
  pictures.pictures.select(1, 0) += (pictures.labels * 150).to(at::kByte).view({count, 1, 1});
  return pictures;
}

ClassifierTraining short_training() {
  ClassifierTraining training;
  training.epochs = 4;
  training.batch = 16;
  training.peak_learning_rate = 0.05;
  return training;
}

ResidualClassifier trained() {
  return train_classifier(easy_pictures(64), short_training(), [](int64_t, double) {});
}

TEST(ResidualClassifier, LearnsToTellTwoPlainClasses) {
  double first = 0, last = 0;
  auto classifier =
      train_classifier(easy_pictures(64), short_training(),
                       [&](int64_t epoch, double loss) { (epoch == 1 ? first : last) = loss; });
  EXPECT_LT(last, first);
  EXPECT_GT(classifier_accuracy(classifier, easy_pictures(32)), 0.9);
}

TEST(ResidualClassifier, IsTheSameNetworkForTheSameSeed) {
  const auto first = trained()->parameters(), second = trained()->parameters();
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i) EXPECT_TRUE(first[i].equal(second[i])) << i;
}

TEST(ResidualClassifier, HasBetweenAThirdAndTwoThirdsOfAMillionNumbers) {
  int64_t numbers = 0;
  for (const auto& parameter : ResidualClassifier()->parameters()) numbers += parameter.numel();
  EXPECT_GT(numbers, 333333);
  EXPECT_LT(numbers, 666667);
}

TEST(ResidualClassifier, WritesTorchScriptThatAnswersAsItDoes) {
  const at::NoGradGuard no_grad;
  auto classifier = trained();
  const auto path = temporary_file("cgan-classifier.pt");
  write_torchscript(classifier, path);
  const auto rgb =
      at::arange(2 * 3 * 32 * 32, at::kFloat).view({2, 3, 32, 32}).remainder(251) / 250;
  const auto output = FeatureNetwork::load(path)->forward(rgb);
  EXPECT_TRUE(output.logits.allclose(classifier(rgb), 1e-4, 1e-4));
  EXPECT_EQ(output.features.sizes(), (std::vector<int64_t>{2, 128}));
  std::remove(path.c_str());
}

TEST(ResidualClassifier, RefusesFewerPicturesThanABatch) {
  EXPECT_THROW(train_classifier(easy_pictures(8), short_training(), [](int64_t, double) {}),
               std::invalid_argument);
}

TEST(ResidualClassifier, CannotBeWrittenIntoAFolderThatIsNotThere) {
  ResidualClassifier classifier;
  classifier->eval();
  EXPECT_THROW(write_torchscript(classifier, temporary_file("none/classifier.pt")),
               std::runtime_error);
}

TEST(FeatureNetwork, NamesAFileThatIsNoTorchScript) {
  const auto path = temporary_file("cgan-no-network.pt");
  std::ofstream(path) << "text";
  try {
    FeatureNetwork::load(path);
    FAIL() << "a text file was taken for a network";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos);
  }
  std::remove(path.c_str());
}

}  // namespace
}  // namespace cgan
