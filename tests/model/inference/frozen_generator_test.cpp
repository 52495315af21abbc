#include "model/inference/frozen_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <random>

#include "model/colour.h"
#include "model/threads/serial_libtorch.h"
#include "model/weights/network_weights.h"
#include "tests/model/tiny_model.h"

namespace cgan {
namespace {

using testing::HasSubstr;

torch::Tensor random_luma(int64_t count, int64_t tile) {
  return torch::rand({count, 1, tile, tile}, at::detail::createCPUGenerator(11)) * 2 - 1;
}

// The way of the definition: the module in eval mode, its picture in 0..1, Cb and Cr of BT.601.
torch::Tensor reference_chroma(const Weights& weights, const torch::Tensor& luma,
                               const std::optional<DropoutMasks>& masks = std::nullopt) {
  const torch::NoGradGuard no_gradients;
  ReportGenerator network(report_generator_options(weights));
  load_weights(network, weights);
  network->eval();
  const auto rgb = (network->forward(luma, masks) + 1) / 2;
  return rgb_to_ycbcr(rgb, Matrix::kBt601).narrow(1, 1, 2);
}

torch::Tensor chroma(const Weights& weights, const torch::Tensor& luma,
                     const FrozenGenerator::Options& options = {}) {
  return FrozenGenerator::create(weights, options)->chroma(luma);
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

FrozenGenerator::Options variant(uint64_t seed) {
  FrozenGenerator::Options options;
  options.variant = seed;
  return options;
}

class FrozenGeneratorForms : public testing::TestWithParam<TinyModel> {};
INSTANTIATE_TEST_SUITE_P(
    Options, FrozenGeneratorForms,
    testing::Values(TinyModel{}, TinyModel{48, {5, 4, 3, 6, 7}, "transposed", 0.5, 2},
                    TinyModel{32, {4, 6, 8, 8, 8}, "subpixel", 0.5, 3},
                    TinyModel{16, {64, 128, 256, 512, 512}, "transposed", 0.25, 4}),
    [](const auto& info) {
      return info.param.upsampling + std::to_string(info.param.tile) + "x" +
             std::to_string(info.param.widths[0]);
    });

TEST_P(FrozenGeneratorForms, EqualsTheModuleInEvalMode) {
  const auto weights = tiny_weights(GetParam());
  const auto luma = random_luma(3, GetParam().tile);
  const auto expected = reference_chroma(weights, luma);
  // Gray would be equal too: the test model must colour.
  ASSERT_GT(expected.abs().max().item<double>(), 0.05);
  EXPECT_LT(largest_difference(chroma(weights, luma), expected), 1e-5);
}

TEST_P(FrozenGeneratorForms, VariantIsTheMaskOfItsSeedInTheWrittenOrder) {
  const auto& model = GetParam();
  const auto weights = tiny_weights(model);
  std::mt19937_64 random(9);
  const auto mask = [&](int64_t channels, int64_t side) {
    std::vector<float> values;
    for (int64_t i = 0; i < channels * side * side; ++i)
      values.push_back(double(random() >> 11) / 9007199254740992.0 < model.dropout
                           ? 0.F
                           : float(1 / (1 - model.dropout)));
    return torch::tensor(values).view({1, channels, side, side});
  };
  DropoutMasks masks;
  masks.d1 = mask(model.widths[3], model.tile / 8);
  masks.d2 = mask(model.widths[2], model.tile / 4);
  const auto luma = random_luma(2, model.tile);
  EXPECT_LT(
      largest_difference(chroma(weights, luma, variant(9)), reference_chroma(weights, luma, masks)),
      1e-5);
}

TEST(FrozenGenerator, SaysTheSameInOperationsThatMayBeRecorded) {
  const auto generator = FrozenGenerator::create(tiny_weights(), variant(1));
  const auto luma = random_luma(2, 32);
  const SerialLibTorch serial;  // as chroma() has it: with more threads some layers round otherwise
  EXPECT_TRUE(
      torch::equal(generator->chroma_there(luma, torch::zeros({})), generator->chroma(luma)));
}

TEST(FrozenGenerator, VariantIsSteadyAndDiffersByItsSeed) {
  const auto weights = tiny_weights();
  const auto luma = random_luma(2, 32);
  const auto generator = FrozenGenerator::create(weights, variant(1));
  const auto first = generator->chroma(luma);
  EXPECT_TRUE(torch::equal(generator->chroma(luma), first));
  EXPECT_TRUE(torch::equal(chroma(weights, luma, variant(1)), first));
  EXPECT_GT(largest_difference(chroma(weights, luma, variant(2)), first), 1e-3);
  EXPECT_GT(largest_difference(chroma(weights, luma, variant(0)), first), 1e-3);
}

TEST(FrozenGenerator, GivesATileTheSameColoursInEveryBatch) {
  const auto weights = tiny_weights();
  const auto luma = random_luma(5, 32);
  const auto generator = FrozenGenerator::create(weights, variant(3));
  const auto together = generator->chroma(luma);
  for (int64_t i = 0; i < 5; ++i)
    EXPECT_LT(largest_difference(generator->chroma(luma.narrow(0, i, 1)), together.narrow(0, i, 1)),
              1e-5);
}

TEST(FrozenGenerator, ColoursEachSquareOfItsFieldAlone) {
  const auto generator = FrozenGenerator::create(tiny_weights(), {});
  const auto luma = random_luma(2, 32);
  const auto whole = generator->chroma(luma);
  for (const int64_t y : {0, 16})
    for (const int64_t x : {0, 16}) {
      const auto square = luma.narrow(2, y, 16).narrow(3, x, 16).contiguous();
      EXPECT_LT(
          largest_difference(generator->chroma(square), whole.narrow(2, y, 16).narrow(3, x, 16)),
          1e-5);
    }
}

TEST(FrozenGenerator, GivesFloat32ChromaWithinItsRange) {
  auto weights = tiny_weights();
  // A picture as saturated as can be: pure blue.
  weights.tensors.at("out.bias").copy_(torch::tensor({-50.F, -50.F, 50.F}));
  const auto generator = FrozenGenerator::create(weights, {});
  const auto result = generator->chroma(random_luma(2, 32));
  EXPECT_EQ(generator->tile(), 32);
  EXPECT_EQ(generator->field(), 16);
  EXPECT_EQ(generator->multiple(), 16);
  EXPECT_EQ(generator->chroma_scale(), 1);
  EXPECT_EQ(result.sizes(), (std::vector<int64_t>{2, 2, 32, 32}));
  EXPECT_EQ(result.scalar_type(), torch::kFloat);
  EXPECT_TRUE(result.is_contiguous());
  EXPECT_LE(result.abs().max().item<float>(), 0.5F);
  EXPECT_NEAR(result.select(1, 0).min().item<float>(), 0.5, 1e-6);
  EXPECT_NEAR(result.select(1, 1).max().item<float>(), -0.114 / 1.402, 1e-6);
}

TEST(FrozenGenerator, Bfloat16StaysNearFloat32) {
  const auto weights = tiny_weights();
  const auto luma = random_luma(2, 32);
  FrozenGenerator::Options options;
  options.type = torch::kBFloat16;
  const auto result = chroma(weights, luma, options);
  EXPECT_EQ(result.scalar_type(), torch::kFloat);
  // Eight bits of mantissa through ten layers; the mean holds what single pixels may miss.
  EXPECT_LT((result - chroma(weights, luma)).abs().mean().item<double>(), 0.01);
}

TEST(FrozenGenerator, TakesWeightsThatWentThroughAFile) {
  const auto path = testing::TempDir() + "cgan-frozen.safetensors";
  write_tiny_model(path);
  const auto luma = random_luma(1, 32);
  EXPECT_TRUE(torch::equal(chroma(read_weights(path), luma), chroma(tiny_weights(), luma)));
  std::remove(path.c_str());
}

TEST(FrozenGenerator, RefusesLumaOfAnotherShape) {
  const auto generator = FrozenGenerator::create(tiny_weights(), {});
  EXPECT_THROW(generator->chroma(torch::zeros({1, 1, 32, 16})), std::invalid_argument);
  EXPECT_THROW(generator->chroma(torch::zeros({1, 1, 48, 48})), std::invalid_argument);
  EXPECT_THROW(generator->chroma(torch::zeros({1, 1, 24, 24})), std::invalid_argument);
  EXPECT_THROW(generator->chroma(torch::zeros({1, 3, 32, 32})), std::invalid_argument);
  EXPECT_THROW(generator->chroma(torch::zeros({32, 32})), std::invalid_argument);
}

TEST(FrozenGenerator, RefusesAHalfPrecisionCpu) {
  FrozenGenerator::Options options;
  options.type = torch::kHalf;
  EXPECT_THROW(FrozenGenerator::create(tiny_weights(), options), std::invalid_argument);
}

TEST(FrozenGenerator, WithoutAnInputForVividnessIgnoresIt) {
  const auto generator = FrozenGenerator::create(tiny_weights(), {});
  const auto luma = random_luma(1, 32);
  const auto before = generator->chroma(luma);
  EXPECT_TRUE(torch::equal(generator->chroma(luma, 1), before));
}

TEST(FrozenGenerator, RefusesVividnessOutsideItsRange) {
  const auto generator = FrozenGenerator::create(tiny_weights(), {});
  for (const double vividness : {-1.01, 1.01, std::nan("")})
    EXPECT_THROW(generator->chroma(random_luma(1, 32), vividness), std::invalid_argument);
}

TEST(FrozenGenerator, RefusesWeightsThatAreNoGenerator) {
  auto weights = to_weights(Discriminator(), "{}");
  weights.source = "d.safetensors";
  try {
    FrozenGenerator::create(weights, {});
    FAIL() << "a discriminator coloured";
  } catch (const ModelFileError& error) {
    EXPECT_EQ(error.kind, ModelFileError::Kind::kInvalid);
    EXPECT_THAT(error.what(),
                testing::AllOf(HasSubstr("'d.safetensors'"), HasSubstr("'report-discriminator'"),
                               HasSubstr("'report-generator'")));
  }
}

TEST(FrozenGenerator, RefusesWeightsThatLackATensor) {
  auto weights = tiny_weights();
  weights.tensors.erase("d3.norm.running_var");
  EXPECT_THROW(FrozenGenerator::create(weights, {}), ModelFileError);
}

}  // namespace
}  // namespace cgan
