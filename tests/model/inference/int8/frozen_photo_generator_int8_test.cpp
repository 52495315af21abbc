#include "model/inference/int8/frozen_photo_generator_int8.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "model/inference/frozen_photo_generator.h"
#include "model/inference/int8/photo_calibration.h"
#include "model/weights/weights.h"
#include "tests/model/instruction_sets.h"
#include "tests/model/tiny_model.h"

namespace cgan {
namespace {

// Soft shapes and some grain, by formula.
torch::Tensor picture(int64_t count, int64_t height, int64_t width, uint64_t seed) {
  const auto y = torch::arange(height, torch::kFloat).view({1, 1, height, 1});
  const auto x = torch::arange(width, torch::kFloat).view({1, 1, 1, width});
  const auto n = torch::arange(count, torch::kFloat).view({count, 1, 1, 1}) + double(seed);
  const auto shapes =
      0.5 * torch::sin(x * 0.11 + n) + 0.3 * torch::cos(y * 0.07 * (1 + n) + x * 0.05);
  const auto grain = torch::rand({count, 1, height, width}, at::detail::createCPUGenerator(seed));
  return (shapes + 0.2 * grain).clamp(-1, 1);
}

Weights calibrated(Weights weights) {
  PhotoCalibration calibration(weights);
  for (uint64_t i = 0; i < 6; ++i) calibration.show(picture(1, 96, 96, i));
  weights.header.ranges = to_text(calibration.ranges());
  return weights;
}

const Weights& calibrated() {
  static const Weights weights = calibrated(tiny_photo_weights());
  return weights;
}

Weights with_ranges(const nlohmann::json& ranges) {
  auto weights = tiny_photo_weights();
  weights.header.ranges = ranges.dump();
  return weights;
}

nlohmann::json ranges() {
  return nlohmann::json::parse(calibrated().header.ranges);
}

torch::Tensor chroma(const Weights& weights, const torch::Tensor& luma, c10::ScalarType type,
                     double vividness = 0, uint64_t variant = 0) {
  FrozenGenerator::Options options;
  options.type = type;
  options.variant = variant;
  const auto generator = FrozenGenerator::create(weights, options);
  return generator->chroma(luma, vividness);
}

// Share of the colours' own spread by which int8 and fp32 differ.
double relative_difference(const Weights& weights, const torch::Tensor& luma, double vividness = 0,
                           uint64_t variant = 0) {
  const auto expected = chroma(weights, luma, torch::kFloat, vividness, variant);
  const auto result = chroma(weights, luma, torch::kQInt8, vividness, variant);
  return ((result - expected).pow(2).mean().sqrt() / expected.std()).item<double>();
}

// A random network of four to eight channels averages nothing out; the trained one is three times
// nearer.
constexpr double kTolerance = 0.3;

TEST(FrozenPhotoGeneratorInt8, StaysNearFloat32OnRectanglesOfEverySize) {
  for (const auto& luma : {picture(1, 96, 96, 20), picture(2, 64, 160, 21), picture(3, 32, 32, 22)})
    EXPECT_LT(relative_difference(calibrated(), luma), kTolerance) << luma.sizes();
}

TEST(FrozenPhotoGeneratorInt8, StaysNearFloat32WithTheLargerEncoder) {
  TinyPhotoModel large;
  large.encoder = "efficientnet-lite2";
  EXPECT_LT(relative_difference(calibrated(tiny_photo_weights(large)), picture(1, 64, 96, 20)),
            kTolerance);
}

TEST(FrozenPhotoGeneratorInt8, VividnessAndVariantAreThoseOfFloat32) {
  const auto luma = picture(1, 64, 96, 20);
  EXPECT_LT(relative_difference(calibrated(), luma, 1), kTolerance);
  EXPECT_LT(relative_difference(calibrated(), luma, -1), kTolerance);
  EXPECT_LT(relative_difference(calibrated(), luma, 0, 5), kTolerance);
}

// That the tolerance means something.
TEST(FrozenPhotoGeneratorInt8, AWrongScaleOfOneLayerIsSeen) {
  const auto luma = picture(1, 64, 96, 20);
  auto narrow = ranges();
  narrow["d3.conv1"][1] = narrow["d3.conv1"][1].get<double>() / 8;
  EXPECT_GT(relative_difference(with_ranges(narrow), luma), kTolerance);
  auto wide = ranges();
  for (auto& end : wide["d2.merge"]) end = end.get<double>() * 64;
  EXPECT_GT(relative_difference(with_ranges(wide), luma), kTolerance);
}

TEST(FrozenPhotoGeneratorInt8, GivesTheSameWithEveryNumberOfThreadsAndInEveryBatch) {
  FrozenGenerator::Options options;
  options.type = torch::kQInt8;
  const auto generator = FrozenGenerator::create(calibrated(), options);
  const auto luma = picture(3, 64, 96, 20);
  const auto alone = generator->chroma(luma);
  for (const int threads : {2, 3, 8}) {
    WorkerPool pool(threads);
    Workspace workspace(pool);
    EXPECT_TRUE(torch::equal(generator->chroma(luma, 0, workspace), alone)) << threads;
  }
  for (int64_t i = 0; i < 3; ++i)
    EXPECT_TRUE(torch::equal(generator->chroma(luma.narrow(0, i, 1)), alone.narrow(0, i, 1)));
}

class ShippedPhotoGenerator : public test::EveryInstructionSet {};

INSTANTIATE_TEST_SUITE_P(Sets, ShippedPhotoGenerator, test::every_instruction_set(),
                         test::name_of_set);

TEST_P(ShippedPhotoGenerator, ColoursInInt8LikeInFloat32ToWithinTwoCodes) {
  constexpr double kVivid = 0.5;  // a formula is no scene: its average colours are nearly grey
  const auto weights = read_weights(find_weights("photo"));
  const auto luma = picture(1, 96, 128, 20);
  FrozenGenerator::Options options;
  options.instruction_set = GetParam();
  const auto expected = FrozenGenerator::create(weights, options)->chroma(luma, kVivid);
  options.type = torch::kQInt8;
  const auto result = FrozenGenerator::create(weights, options)->chroma(luma, kVivid);
  const double codes = 255 * (result - expected).abs().mean().item<double>();
  EXPECT_LT(codes, 2);
  EXPECT_GT(255 * expected.abs().mean().item<double>(), 2) << "there is colour to compare";
  RecordProperty("codes", std::to_string(codes));
}

TEST_P(ShippedPhotoGenerator, ColoursLikeTheLayersOfLibTorch) {
  const auto weights = read_weights(find_weights("photo"));
  const auto luma = picture(1, 64, 96, 21);
  FrozenGenerator::Options options;
  options.instruction_set = GetParam();
  // Who observes gets LibTorch's layers.
  const auto reference =
      freeze_photo_generator(weights, options, [](const std::string&, const at::Tensor&) {});
  const auto difference =
      FrozenGenerator::create(weights, options)->chroma(luma, 0.5) - reference->chroma(luma, 0.5);
  EXPECT_LT(difference.abs().max().item<double>(), 1e-4);
}

TEST(FrozenPhotoGeneratorInt8, GivesFloat32ChromaAtHalfTheResolution) {
  const auto result = chroma(calibrated(), picture(2, 32, 160, 20), torch::kQInt8);
  EXPECT_EQ(result.sizes(), (std::vector<int64_t>{2, 2, 16, 80}));
  EXPECT_EQ(result.scalar_type(), torch::kFloat);
  EXPECT_TRUE(result.is_contiguous());
  EXPECT_LE(result.abs().max().item<float>(), 0.5F);
  EXPECT_THROW(chroma(calibrated(), torch::zeros({1, 1, 32, 48}), torch::kQInt8),
               std::invalid_argument);
}

TEST(FrozenPhotoGeneratorInt8, RangesSurviveAFile) {
  const auto path = testing::TempDir() + "cgan-calibrated.safetensors";
  write_weights(path, calibrated(), StorageType::kFloat32);
  const auto read = read_weights(path);
  EXPECT_EQ(read.header.ranges, calibrated().header.ranges);
  const auto luma = picture(1, 32, 64, 20);
  EXPECT_TRUE(
      torch::equal(chroma(read, luma, torch::kQInt8), chroma(calibrated(), luma, torch::kQInt8)));
  std::remove(path.c_str());
}

TEST(FrozenPhotoGeneratorInt8, RefusesWeightsThatAreNotCalibratedAndNamesTheRemedy) {
  try {
    chroma(tiny_photo_weights(), picture(1, 32, 32, 1), torch::kQInt8);
    FAIL() << "not refused";
  } catch (const ModelFileError& error) {
    EXPECT_EQ(error.kind, ModelFileError::Kind::kInvalid);
    EXPECT_NE(std::string(error.what()).find("cgan-calibrate"), std::string::npos) << error.what();
  }
  EXPECT_FALSE(is_calibrated(tiny_photo_weights()));
  EXPECT_TRUE(is_calibrated(calibrated()));
}

TEST(FrozenPhotoGeneratorInt8, RefusesRangesThatAreIncompleteOrNone) {
  for (const char* layer : {"encoder.stem", "encoder.blocks.4.sum", "bottleneck.sum", "d4.up"}) {
    auto incomplete = ranges();
    incomplete.erase(layer);
    EXPECT_THROW(chroma(with_ranges(incomplete), picture(1, 32, 32, 1), torch::kQInt8),
                 ModelFileError)
        << layer;
  }
  for (const char* wrong :
       {"[1, 2]", "[-2, -1]", "[0, 0]", "[0]", "[0, 1e300]", "[0, \"1\"]", "null", "[0, null]"}) {
    auto damaged = ranges();
    damaged["d2.up"] = nlohmann::json::parse(wrong);
    EXPECT_THROW(chroma(with_ranges(damaged), picture(1, 32, 32, 1), torch::kQInt8), ModelFileError)
        << wrong;
  }
  auto weights = tiny_photo_weights();
  weights.header.ranges = "[]";
  EXPECT_THROW(chroma(weights, picture(1, 32, 32, 1), torch::kQInt8), ModelFileError);
}

TEST(FrozenPhotoGeneratorInt8, RefusesTheReportsNetwork) {
  EXPECT_THROW(chroma(tiny_weights(), torch::zeros({1, 1, 32, 32}), torch::kQInt8), ModelFileError);
}

}  // namespace
}  // namespace cgan
