#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "reference.h"
#include "training/metrics/feature_comparison.h"
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

// Says "class 1" the more surely the redder a picture is: a grey one is even odds.
class RednessNetwork : public FeatureNetwork {
 public:
  Output forward(const at::Tensor& rgb) override {
    const auto mean = rgb.mean({2, 3});
    const auto redness = mean.select(1, 0) - mean.select(1, 2);
    return {at::stack({at::zeros_like(redness), redness}, 1), mean};
  }
};

TEST(FeatureComparison, RecoveryIsTheShareOfTheWayFromGreyToTheOriginal) {
  FeatureComparison comparison(std::make_unique<RednessNetwork>());
  // Sizes differ, as photographs' do. Of the true class 1 the last picture shows the opposite.
  const auto flat = [](double redness, int64_t side) {
    const auto channels = at::tensor({0.5 + redness / 2, 0.5, 0.5 - redness / 2}, at::kFloat);
    return channels.view({1, 3, 1, 1}).expand({1, 3, side, side + 3}).contiguous();
  };
  for (const double redness : {0.2, 0.2, 0.2, -0.1})
    comparison.add({flat(0.4, redness > 0 ? 5 : 8),
                    flat(redness, redness > 0 ? 5 : 8),
                    {},
                    at::ones({1}, at::kLong)});
  const auto json = comparison.json();
  const auto sure = [](double redness) { return 1 / (1 + std::exp(-redness)); };
  // Grey keeps BT.601's luma in all channels: no redness at all.
  const double grey = 0.5, original = sure(0.4), picture = (3 * sure(0.2) + sure(-0.1)) / 4;
  EXPECT_NEAR(json["probability"].get<double>(), 100 * picture, 1e-4);
  EXPECT_NEAR(json["probability_original"].get<double>(), 100 * original, 1e-4);
  EXPECT_NEAR(json["probability_grey"].get<double>(), 100 * grey, 1e-4);
  EXPECT_NEAR(json["recovery_soft"].get<double>(), (picture - grey) / (original - grey), 1e-4);
  // The network sees class 1 in every original.
  EXPECT_NEAR(json["recovery_answer"].get<double>(), (picture - grey) / (original - grey), 1e-4);
  EXPECT_NEAR(json["recognised"].get<double>(), 75, 1e-9);
  EXPECT_NEAR(json["recovery_top1"].get<double>(), 0.75, 1e-9);
  EXPECT_FALSE(json.contains("fid_own")) << "there was no own RGB";
}

TEST(FeatureComparison, LeavesOutRecoveryWhereThereAreNoClasses) {
  FeatureComparison comparison(std::make_unique<RednessNetwork>());
  const auto red = [] {
    return at::rand({1, 3, 4, 4}) * at::tensor({1.0, 0.5, 0.1}).view({3, 1, 1});
  };
  for (int i = 0; i < 4; ++i) comparison.add({red(), red(), {}, at::full({1}, -1, at::kLong)});
  const auto json = comparison.json();
  EXPECT_FALSE(json.contains("recovery_soft"));
  EXPECT_NEAR(json["recovery_answer"].get<double>(), 1, 0.3);
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
