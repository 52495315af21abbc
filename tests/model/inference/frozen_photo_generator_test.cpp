#include "model/inference/frozen_photo_generator.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <cstdio>
#include <random>

#include "model/weights/network_weights.h"
#include "tests/model/tiny_model.h"

namespace cgan {
namespace {

torch::Tensor random_luma(int64_t count, int64_t height, int64_t width) {
  return torch::rand({count, 1, height, width}, at::detail::createCPUGenerator(11)) * 2 - 1;
}

// The way of the definition: the module in eval mode.
torch::Tensor reference_chroma(const Weights& weights, const torch::Tensor& luma,
                               double vividness = 0) {
  const torch::NoGradGuard no_gradients;
  PhotoGenerator network(photo_generator_options(weights));
  load_weights(network, weights);
  network->eval();
  return network->forward(luma, torch::full({luma.size(0)}, vividness));
}

FrozenGenerator::Options with(uint64_t variant) {
  FrozenGenerator::Options options;
  options.variant = variant;
  return options;
}

torch::Tensor chroma(const Weights& weights, const torch::Tensor& luma,
                     const FrozenGenerator::Options& options = {}) {
  return FrozenGenerator::create(weights, options)->chroma(luma);
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(FrozenPhotoGenerator, EqualsTheModuleInEvalMode) {
  const auto weights = tiny_photo_weights();
  for (const auto& luma :
       {random_luma(3, 64, 64), random_luma(2, 32, 96), random_luma(1, 32, 32)}) {
    const auto expected = reference_chroma(weights, luma);
    // Gray would be equal too: the test model must colour, and not at its limits only.
    ASSERT_GT(expected.std().item<double>(), 0.01);
    ASSERT_LT(expected.abs().mean().item<double>(), 0.4);
    EXPECT_LT(largest_difference(chroma(weights, luma), expected), 1e-4) << luma.sizes();
  }
}

TEST(FrozenPhotoGenerator, TakesItsEncodersSizeFromTheWeights) {
  TinyPhotoModel large;
  large.encoder = "efficientnet-lite2";
  const auto weights = tiny_photo_weights(large);
  const auto luma = random_luma(2, 32, 64);
  const auto expected = reference_chroma(weights, luma);
  ASSERT_GT(expected.std().item<double>(), 0.01);
  EXPECT_LT(largest_difference(chroma(weights, luma), expected), 1e-4);
}

TEST(FrozenPhotoGenerator, SaysTheSameInOperationsThatMayBeRecorded) {
  FrozenGenerator::Options options;
  options.type = c10::kBFloat16;  // in LibTorch's layers, as on a card
  const auto generator = FrozenGenerator::create(tiny_photo_weights(), options);
  const auto luma = random_luma(2, 64, 32);
  EXPECT_TRUE(torch::equal(generator->chroma_there(luma, torch::full({}, 0.75f)),
                           generator->chroma(luma, 0.75)));
  const auto own_kernels = FrozenGenerator::create(tiny_photo_weights(), {});
  EXPECT_TRUE(torch::equal(own_kernels->chroma_there(luma, torch::full({}, -0.5f)),
                           own_kernels->chroma(luma, -0.5)));
}

TEST(FrozenPhotoGenerator, VividnessIsThatOfTheModule) {
  const auto weights = tiny_photo_weights();
  const auto luma = random_luma(2, 64, 32);
  const auto vivid = reference_chroma(weights, luma, 0.75);
  ASSERT_GT(largest_difference(vivid, reference_chroma(weights, luma)), 0.01);
  const auto generator = FrozenGenerator::create(weights, {});
  const auto average = generator->chroma(luma);
  EXPECT_LT(largest_difference(generator->chroma(luma, 0.75), vivid), 1e-4);
  EXPECT_TRUE(torch::equal(generator->chroma(luma), average)) << "and back again";
}

TEST(FrozenPhotoGenerator, VariantIsTheVectorOfItsSeedAddedBeforeTheBottlenecksRelu) {
  const auto weights = tiny_photo_weights();
  auto changed = tiny_photo_weights();
  auto& bias = changed.tensors.at("bottleneck.norm.bias");
  std::mt19937_64 random(9);
  for (int64_t c = 0; c < bias.numel(); ++c) {
    const double uniform = 2 * (double(random() >> 11) / 9007199254740992.0) - 1;
    const double own = weights.tensors.at("bottleneck.norm.weight")[c].item<double>();
    bias[c] += 0.5 * std::abs(own) * std::sqrt(3.0) * uniform;
  }
  const auto luma = random_luma(2, 64, 64);
  EXPECT_LT(largest_difference(chroma(weights, luma, with(9)), reference_chroma(changed, luma)),
            1e-4);
}

TEST(FrozenPhotoGenerator, VariantIsSteadyAndDiffersByItsSeed) {
  const auto weights = tiny_photo_weights();
  const auto luma = random_luma(1, 64, 64);
  const auto first = chroma(weights, luma, with(1));
  EXPECT_TRUE(torch::equal(chroma(weights, luma, with(1)), first));
  EXPECT_GT(largest_difference(chroma(weights, luma, with(2)), first), 1e-3);
  EXPECT_GT(largest_difference(chroma(weights, luma), first), 1e-3);
}

TEST(FrozenPhotoGenerator, GivesAPictureTheSameColoursInEveryBatch) {
  const auto generator = FrozenGenerator::create(tiny_photo_weights(), {});
  const auto luma = random_luma(3, 32, 64);
  const auto together = generator->chroma(luma);
  for (int64_t i = 0; i < 3; ++i)
    EXPECT_LT(largest_difference(generator->chroma(luma.narrow(0, i, 1)), together.narrow(0, i, 1)),
              1e-5);
}

TEST(FrozenPhotoGenerator, GivesTheSameColoursWithEveryNumberOfThreads) {
  const auto generator = FrozenGenerator::create(tiny_photo_weights(), {});
  const auto luma = random_luma(2, 64, 96), alone = generator->chroma(luma);
  for (const int threads : {2, 3, 8}) {
    WorkerPool pool(threads);
    Workspace workspace(pool);
    EXPECT_TRUE(torch::equal(generator->chroma(luma, 0, workspace), alone)) << threads;
  }
}

TEST(FrozenPhotoGenerator, ColoursSeveralPicturesAtTheSameTime) {
  const auto generator = FrozenGenerator::create(tiny_photo_weights(), {});
  std::vector<torch::Tensor> pictures, expected;
  for (int i = 0; i < 6; ++i) {
    pictures.push_back(random_luma(1, 32 * (1 + i % 3), 64));
    expected.push_back(generator->chroma(pictures.back(), 0.25 * i - 0.5));
  }
  WorkerPool pool(3);
  std::vector<torch::Tensor> results(pictures.size());
  pool.for_each(6, [&](int64_t i, int) {
    Workspace workspace(pool);
    results[i] = generator->chroma(pictures[i], 0.25 * static_cast<double>(i) - 0.5, workspace);
  });
  for (size_t i = 0; i < pictures.size(); ++i) EXPECT_TRUE(torch::equal(results[i], expected[i]));
}

TEST(FrozenPhotoGenerator, GivesFloat32ChromaAtHalfTheResolutionOfAnyRectangle) {
  const auto generator = FrozenGenerator::create(tiny_photo_weights(), {});
  EXPECT_EQ(generator->tile(), 64);
  EXPECT_EQ(generator->short_side(), 192);
  EXPECT_EQ(generator->field(), 64);
  EXPECT_EQ(generator->multiple(), 32);
  EXPECT_EQ(generator->chroma_scale(), 2);
  const auto result = generator->chroma(random_luma(2, 32, 160));
  EXPECT_EQ(result.sizes(), (std::vector<int64_t>{2, 2, 16, 80}));
  EXPECT_EQ(result.scalar_type(), torch::kFloat);
  EXPECT_TRUE(result.is_contiguous());
  EXPECT_LE(result.abs().max().item<float>(), 0.5F);
}

TEST(FrozenPhotoGenerator, LeavesTheLumaAlone) {
  const auto generator = FrozenGenerator::create(tiny_photo_weights(), {});
  const auto luma = random_luma(1, 32, 32), before = luma.clone();
  generator->chroma(luma);
  EXPECT_TRUE(torch::equal(luma, before));
}

TEST(FrozenPhotoGenerator, Bfloat16StaysNearFloat32) {
  const auto weights = tiny_photo_weights();
  const auto luma = random_luma(2, 64, 64);
  FrozenGenerator::Options options;
  options.type = torch::kBFloat16;
  const auto result = chroma(weights, luma, options);
  EXPECT_EQ(result.scalar_type(), torch::kFloat);
  // Eight bits of mantissa through seventy layers.
  EXPECT_LT((result - chroma(weights, luma)).abs().mean().item<double>(), 0.02);
}

TEST(FrozenPhotoGenerator, TakesWeightsThatWentThroughAFile) {
  const auto path = testing::TempDir() + "cgan-frozen-photo.safetensors";
  write_tiny_photo_model(path);
  const auto luma = random_luma(1, 32, 64);
  EXPECT_TRUE(torch::equal(chroma(read_weights(path), luma), chroma(tiny_photo_weights(), luma)));
  std::remove(path.c_str());
}

TEST(FrozenPhotoGenerator, RefusesLumaOfAnotherShape) {
  const auto generator = FrozenGenerator::create(tiny_photo_weights(), {});
  EXPECT_THROW(generator->chroma(torch::zeros({1, 1, 32, 48})), std::invalid_argument);
  EXPECT_THROW(generator->chroma(torch::zeros({1, 1, 16, 32})), std::invalid_argument);
  EXPECT_THROW(generator->chroma(torch::zeros({1, 1, 0, 32})), std::invalid_argument);
  EXPECT_THROW(generator->chroma(torch::zeros({1, 3, 32, 32})), std::invalid_argument);
  EXPECT_THROW(generator->chroma(torch::zeros({32, 32})), std::invalid_argument);
}

TEST(FrozenPhotoGenerator, RefusesWeightsThatLackATensor) {
  for (const char* name : {"d3.merge_norm.running_var", "encoder.blocks.3.expand.weight"}) {
    auto weights = tiny_photo_weights();
    weights.tensors.erase(name);
    EXPECT_THROW(FrozenGenerator::create(weights, {}), ModelFileError) << name;
  }
}

}  // namespace
}  // namespace cgan
