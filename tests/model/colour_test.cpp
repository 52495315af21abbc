#include "model/colour.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace cgan {
namespace {

constexpr Matrix kMatrices[] = {Matrix::kBt601, Matrix::kBt709, Matrix::kBt2020};

// n rows of three numbers -> (3, n, 1).
torch::Tensor picture(const nlohmann::json& rows) {
  std::vector<double> values;
  for (const auto& row : rows)
    for (const auto& value : row) values.push_back(value.get<double>());
  const auto count = static_cast<int64_t>(rows.size());
  return torch::tensor(values, torch::kDouble).view({count, 3}).t().unsqueeze(2).contiguous();
}

nlohmann::json reference() {
  std::ifstream file(CGAN_COLOUR_REFERENCE);
  return nlohmann::json::parse(file);
}

torch::Tensor random_pictures() {
  return torch::rand({2, 3, 5, 4}, at::detail::createCPUGenerator(7), torch::kDouble);
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(Lab, AgreesWithScikitImage) {
  const auto pairs = reference()["rgb_to_lab"];
  const auto rgb = picture(pairs["rgb"]), lab = picture(pairs["lab"]);
  EXPECT_LT(largest_difference(rgb_to_lab(rgb), lab), 1e-3);
  EXPECT_LT(largest_difference(rgb_to_lab(rgb.to(torch::kFloat)), lab), 1e-3);
}

TEST(Lab, BackAgreesWithScikitImageAndClips) {
  const auto pairs = reference()["lab_to_rgb"];
  EXPECT_LT(largest_difference(lab_to_rgb(picture(pairs["lab"])), picture(pairs["rgb"])), 1e-5);
}

TEST(Lab, RoundTripGivesThePictureBack) {
  const auto rgb = random_pictures();
  EXPECT_LT(largest_difference(lab_to_rgb(rgb_to_lab(rgb)), rgb), 1e-5);
}

TEST(Lab, GradientsAreFiniteAtBlackWhiteAndTheKnees) {
  for (const double value : {0.0, 1.0, 0.04045, 0.0031308, 1e-12}) {
    const auto rgb = torch::full({3, 1, 1}, value, torch::kFloat).requires_grad_();
    rgb_to_lab(rgb).sum().backward();
    EXPECT_TRUE(torch::isfinite(rgb.grad()).all().item<bool>()) << "at " << value;
  }
}

TEST(Lab, GradientIsTheSlope) {
  const double step = 1e-6;
  const auto rgb = random_pictures().requires_grad_();
  const auto weights = torch::rand({2, 3, 5, 4}, at::detail::createCPUGenerator(8), torch::kDouble);
  (rgb_to_lab(rgb) * weights).sum().backward();
  const auto fixed = rgb.detach();
  for (int64_t channel = 0; channel < 3; ++channel) {
    auto moved = torch::zeros_like(fixed);
    moved.select(1, channel).fill_(step);
    const auto slope =
        ((rgb_to_lab(fixed + moved) - rgb_to_lab(fixed - moved)) * weights).sum(1) / (2 * step);
    EXPECT_LT(largest_difference(rgb.grad().select(1, channel), slope), 1e-4);
  }
}

TEST(YCbCr, FollowsTheFormulaOfTheStandards) {
  const double published[][3] = {
      {0.299, 0.587, 0.114}, {0.2126, 0.7152, 0.0722}, {0.2627, 0.6780, 0.0593}};
  const auto rgb = random_pictures();
  const auto r = rgb.select(1, 0), g = rgb.select(1, 1), b = rgb.select(1, 2);
  for (size_t i = 0; i < 3; ++i) {
    const double kr = published[i][0], kg = published[i][1], kb = published[i][2];
    const auto y = kr * r + kg * g + kb * b;
    const auto expected = torch::stack({y, (b - y) / (2 * (1 - kb)), (r - y) / (2 * (1 - kr))}, 1);
    EXPECT_LT(largest_difference(rgb_to_ycbcr(rgb, kMatrices[i]), expected), 1e-6);
    EXPECT_LT(largest_difference(rgb_to_luma(rgb, kMatrices[i]), y.unsqueeze(1)), 1e-6);
  }
}

TEST(YCbCr, RoundTripGivesThePictureBackUnclipped) {
  const auto rgb = random_pictures() * 2 - 0.5;
  for (const auto matrix : kMatrices)
    EXPECT_LT(largest_difference(ycbcr_to_rgb(rgb_to_ycbcr(rgb, matrix), matrix), rgb), 1e-6);
}

TEST(YCbCr, GrayHasNoChroma) {
  const auto gray = torch::full({3, 2, 2}, 0.7, torch::kDouble);
  const auto ycbcr = rgb_to_ycbcr(gray, Matrix::kBt709);
  EXPECT_NEAR(ycbcr[0].min().item<double>(), 0.7, 1e-12);
  EXPECT_LT(ycbcr.narrow(0, 1, 2).abs().max().item<double>(), 1e-12);
}

TEST(YCbCr, ChromaConversionAgreesWithTheWayOverRgb) {
  const auto rgb = random_pictures();
  for (const auto from : kMatrices)
    for (const auto to : kMatrices) {
      const auto source = rgb_to_ycbcr(rgb, from), wanted = rgb_to_ycbcr(rgb, to);
      const auto m = chroma_conversion(from, to);
      const auto cb = source.select(1, 1), cr = source.select(1, 2);
      EXPECT_LT(largest_difference(m[0] * cb + m[1] * cr, wanted.select(1, 1)), 1e-9);
      EXPECT_LT(largest_difference(m[2] * cb + m[3] * cr, wanted.select(1, 2)), 1e-9);
    }
}

TEST(YCbCr, RefusesPicturesWithoutThreeChannels) {
  EXPECT_THROW(rgb_to_ycbcr(torch::zeros({1, 4, 4})), std::invalid_argument);
  EXPECT_THROW(rgb_to_lab(torch::zeros({4, 4})), std::invalid_argument);
}

void expect_codes(const CodeScale& codes, double low_signal, double low, double high_signal,
                  double high) {
  EXPECT_DOUBLE_EQ(low_signal * codes.scale + codes.offset, low);
  EXPECT_DOUBLE_EQ(high_signal * codes.scale + codes.offset, high);
}

TEST(CodeScales, LimitedRangeLeavesHeadroom) {
  expect_codes(luma_codes(Range::kLimited, 8), 0, 16, 1, 235);
  expect_codes(luma_codes(Range::kLimited, 10), 0, 64, 1, 940);
  expect_codes(chroma_codes(Range::kLimited, 8), -0.5, 16, 0.5, 240);
  expect_codes(chroma_codes(Range::kLimited, 10), -0.5, 64, 0.5, 960);
}

TEST(CodeScales, FullRangeUsesEveryCodeAndCentresChroma) {
  expect_codes(luma_codes(Range::kFull, 8), 0, 0, 1, 255);
  expect_codes(luma_codes(Range::kFull, 10), 0, 0, 1, 1023);
  expect_codes(chroma_codes(Range::kFull, 8), 0, 128, 0.5, 255.5);
  expect_codes(chroma_codes(Range::kFull, 10), 0, 512, 0.5, 1023.5);
}

}  // namespace
}  // namespace cgan
