#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "reference.h"
#include "training/metrics/feature_scores.h"
#include "training/metrics/judgement_scores.h"

namespace cgan {
namespace {

TEST(FrechetDistance, IsThatOfScipysMatrixRoot) {
  const auto& sets = reference()["features"];
  EXPECT_NEAR(frechet_distance(tensor(sets["first"]), tensor(sets["second"])),
              sets["frechet"].get<double>(), 1e-6);
}

TEST(FrechetDistance, IsZeroBetweenASetAndItself) {
  const auto set = tensor(reference()["features"]["first"]);
  EXPECT_NEAR(frechet_distance(set, set), 0, 1e-6);
}

TEST(FrechetDistance, LivesWithFewerPicturesThanFeatures) {
  const auto set = tensor(reference()["features"]["first"]).narrow(0, 0, 4);
  EXPECT_NEAR(frechet_distance(set, set + 2), 4 * 6, 1e-4);
}

TEST(FrechetDistance, RefusesSetsOfDifferentWidth) {
  EXPECT_THROW(frechet_distance(at::zeros({4, 3}), at::zeros({4, 2})), std::invalid_argument);
  EXPECT_THROW(frechet_distance(at::zeros({1, 3}), at::zeros({4, 3})), std::invalid_argument);
}

TEST(InceptionScore, IsThatOfScipysEntropy) {
  const auto& given = reference()["inception"];
  EXPECT_NEAR(inception_score(tensor(given["logits"])), given["score"].get<double>(), 1e-9);
}

TEST(InceptionScore, IsTheNumberOfClassesWhenAllAreCertainAndEquallyFrequent) {
  EXPECT_NEAR(inception_score(at::eye(7) * 100), 7, 1e-6);
  EXPECT_NEAR(inception_score(at::zeros({9, 7})), 1, 1e-9);
}

TEST(Coverage, IsThatOfThePapersFormula) {
  const auto& sets = reference()["features"];
  const auto result = coverage(tensor(sets["first"]), tensor(sets["second"]));
  EXPECT_DOUBLE_EQ(result.precision, sets["precision"].get<double>());
  EXPECT_DOUBLE_EQ(result.recall, sets["recall"].get<double>());
}

TEST(Coverage, SeesARepeatingGeneratorAsPreciseButWithoutRecall) {
  const auto originals = tensor(reference()["features"]["first"]);
  const auto repeated = originals.narrow(0, 0, 1).expand({20, -1});
  const auto result = coverage(originals, repeated);
  EXPECT_EQ(result.precision, 1);
  EXPECT_LT(result.recall, 0.05);
}

TEST(Coverage, NeedsMorePicturesThanNeighbours) {
  EXPECT_THROW(coverage(at::zeros({3, 2}), at::zeros({9, 2}), 3), std::invalid_argument);
}

TEST(JudgementScores, AreThoseOfTorchmetrics) {
  const auto& given = reference()["judgement"];
  JudgementScores judgement;
  judgement.add(tensor(given["original"]), true);
  judgement.add(tensor(given["generated"]), false);
  const auto scores = judgement.scores();
  EXPECT_NEAR(scores.accuracy, given["accuracy"].get<double>(), 1e-6);
  EXPECT_NEAR(scores.precision, given["precision"].get<double>(), 1e-6);
  EXPECT_NEAR(scores.recall, given["recall"].get<double>(), 1e-6);
  EXPECT_NEAR(scores.cross_entropy, given["cross_entropy"].get<double>(), 1e-6);
}

TEST(JudgementScores, StayFiniteForCertainAndWrongAnswers) {
  JudgementScores judgement;
  judgement.add(at::full({2}, -800.0), true);
  EXPECT_NEAR(judgement.scores().cross_entropy, 800, 1e-3);
  EXPECT_EQ(judgement.scores().precision, 0);
}

}  // namespace
}  // namespace cgan
