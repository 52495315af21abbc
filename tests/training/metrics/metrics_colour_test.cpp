#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "model/colour.h"
#include "reference.h"
#include "training/losses/colourfulness.h"
#include "training/losses/reverse.h"
#include "training/metrics/colour_difference.h"
#include "training/metrics/hue_scores.h"
#include "training/metrics/lab_metrics.h"
#include "training/metrics/picture_scores.h"

namespace cgan {
namespace {

// Both sides compute in double; rgb_to_lab rounds its constants as scikit-image does.
constexpr double kTolerance = 1e-5;

class ColourMeasures : public ::testing::Test {
 protected:
  // (N, 3, H, W), 0..1, double
  static at::Tensor picture(const char* name) {
    return tensor(reference()["pictures"][name]).permute({0, 3, 1, 2}).contiguous() / 255;
  }
  static void expect(const LabScores& scores, const nlohmann::json& expected) {
    EXPECT_NEAR(scores.mae, expected["mae"].get<double>(), kTolerance);
    EXPECT_NEAR(scores.accuracy_2, expected["accuracy_2"].get<double>(), kTolerance);
    EXPECT_NEAR(scores.accuracy_5, expected["accuracy_5"].get<double>(), kTolerance);
  }

  const nlohmann::json& expected = reference()["pictures"];
  const at::Tensor original = picture("original"), predicted = picture("predicted");
  const at::Tensor original_lab = rgb_to_lab(original), predicted_lab = rgb_to_lab(predicted);
};

TEST_F(ColourMeasures, MaeAndAccuracyAreThoseOfTheReferenceWithTheInputsL) {
  LabMetrics metrics;
  metrics.add(with_lightness_of(predicted_lab, original_lab), original_lab);
  expect(metrics.scores(), expected["input_l"]);
}

TEST_F(ColourMeasures, MaeAndAccuracyAreThoseOfTheReferenceWithTheirOwnL) {
  LabMetrics metrics;
  metrics.add(predicted_lab, original_lab);
  expect(metrics.scores(), expected["own_l"]);
}

TEST_F(ColourMeasures, LabMetricsGiveTheSameInPartsAsAtOnce) {
  LabMetrics metrics;
  for (int64_t i = 0; i < original.size(0); ++i) metrics.add(predicted_lab[i], original_lab[i]);
  expect(metrics.scores(), expected["own_l"]);
}

TEST_F(ColourMeasures, LabMetricsRefusePicturesOfDifferentShape) {
  LabMetrics metrics;
  EXPECT_THROW(metrics.add(predicted_lab, original_lab[0]), std::invalid_argument);
}

TEST_F(ColourMeasures, PsnrIsThatOfScikitImageAndAHundredForEqualPictures) {
  const auto values = psnr(squared_error(predicted, original));
  for (int64_t i = 0; i < values.size(0); ++i)
    EXPECT_NEAR(values[i].item<double>(), expected["psnr"][i].get<double>(), kTolerance);
}

TEST_F(ColourMeasures, ColourfulnessIsThatOfThePapersFormula) {
  const auto values = colourfulness(predicted);
  for (int64_t i = 0; i < values.size(0); ++i)
    EXPECT_NEAR(values[i].item<double>(), expected["colourfulness"][i].get<double>(), kTolerance);
}

TEST_F(ColourMeasures, Ciede2000IsThatOfScikitImage) {
  const auto& pairs = reference()["ciede2000"];
  const auto column = [](const at::Tensor& lab) { return lab.t().unsqueeze(2); };
  const auto difference =
      ciede2000(column(tensor(pairs["first"])), column(tensor(pairs["second"])));
  const auto wanted = tensor(pairs["difference"]);
  EXPECT_LT((difference.squeeze(1) - wanted).abs().max().item<double>(), kTolerance);
}

// The first pairs of table 1 in Sharma et al. 2005.
TEST(Ciede2000, FollowsThePublishedPairs) {
  const auto first = at::tensor({50.0, 2.6772, -79.7751, 50.0, 2.49, -0.001}, at::kDouble);
  const auto second = at::tensor({50.0, 0.0, -82.7485, 50.0, -2.49, 0.0009}, at::kDouble);
  const auto difference = ciede2000(first.view({2, 3, 1, 1}), second.view({2, 3, 1, 1})).flatten();
  EXPECT_NEAR(difference[0].item<double>(), 2.0425, 5e-5);
  EXPECT_NEAR(difference[1].item<double>(), 7.1792, 5e-5);
}

TEST_F(ColourMeasures, HuesAreThoseOfTheReference) {
  HueScores hues;
  hues.add(predicted, predicted_lab, original, original_lab);
  const auto scores = hues.scores();
  for (int64_t i = 0; i < kHues; ++i) {
    const auto& row = expected["hues"][i];
    EXPECT_NEAR(scores[i].error, row["error"].get<double>(), kTolerance) << kHueNames[i];
    EXPECT_NEAR(scores[i].share, row["share"].get<double>(), kTolerance) << kHueNames[i];
    EXPECT_NEAR(scores[i].predicted_share, row["predicted_share"].get<double>(), kTolerance)
        << kHueNames[i];
    EXPECT_NEAR(scores[i].hit, row["hit"].get<double>(), kTolerance) << kHueNames[i];
  }
}

TEST(HueOf, NamesTheSixPureColoursAndLeavesGreyAlone) {
  const auto rgb =
      at::tensor({1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1}, at::kDouble)
          .view({7, 3, 1, 1});
  const auto hues = hue_of(rgb, rgb_to_lab(rgb)).flatten();
  EXPECT_TRUE(hues.equal(at::arange(7, at::kLong)));
}

TEST_F(ColourMeasures, SpreadIsTheMeanDistanceOfScipy) {
  EXPECT_NEAR(chroma_spread(coarse_chroma(predicted_lab)).item<double>(),
              expected["spread"].get<double>(), kTolerance * 100);
}

TEST_F(ColourMeasures, PerfectPicturesScorePerfectly) {
  PictureScores scores;
  const auto exact = original.to(at::kFloat);
  scores.add({exact, exact, exact, at::zeros({exact.size(0)}, at::kLong)});
  const auto json = scores.json({"only"});
  EXPECT_EQ(json["mae"], 0);
  EXPECT_EQ(json["accuracy_2"], 100);
  EXPECT_EQ(json["psnr"], 100);
  EXPECT_EQ(json["colourfulness_ratio"], 1);
  EXPECT_EQ(json["worse_than_grey"], 0);
  EXPECT_EQ(json["per_class"]["only"]["accuracy_5"], 100);
  EXPECT_EQ(json["per_hue"]["red"]["hit"], 1);
}

TEST_F(ColourMeasures, MeasuresOverAllPixelsAndSharesWorseThanGreyAreThoseOfTheReference) {
  const auto mixed = predicted.index_select(0, at::tensor({0, 1, 2, 4, 5, 3}, at::kLong));
  PictureScores scores;
  for (int64_t i = 0; i < original.size(0); ++i)
    scores.add({original.narrow(0, i, 1), mixed.narrow(0, i, 1), {}, at::full({1}, -1, at::kLong)});
  const auto json = scores.json({});
  for (const auto& [key, value] : expected["pooled"].items())
    EXPECT_NEAR(json[key].get<double>(), value.get<double>(), kTolerance) << key;
  EXPECT_FALSE(json.contains("psnr_own")) << "there was no own RGB";
}

TEST_F(ColourMeasures, GreyPicturesGainNothingOverGrey) {
  PictureScores scores;
  const auto exact = original.to(at::kFloat);
  const auto grey = grey_picture(exact).contiguous();
  scores.add({exact, grey, grey, at::full({exact.size(0)}, -1, at::kLong)});
  const auto json = scores.json({});
  EXPECT_EQ(json["psnr_gain"], 0);
  EXPECT_NEAR(json["colourfulness"].get<double>(), 0, 1e-3);
  EXPECT_NEAR(json["spread"].get<double>(), 0, 1e-2);
  EXPECT_FALSE(json.contains("per_class"));
}

}  // namespace
}  // namespace cgan
