#include "model/weights/network_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "tests/model/tiny_model.h"

namespace cgan {
namespace {

using nlohmann::json;
using testing::HasSubstr;

template <typename Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const ModelFileError& error) {
    EXPECT_EQ(error.kind, ModelFileError::Kind::kInvalid);
    return error.what();
  }
  ADD_FAILURE() << "the weights were taken";
  return "";
}

Weights with_option(const char* name, const json& value) {
  auto weights = tiny_weights();
  auto options = json::parse(weights.header.options);
  options[name] = value;
  weights.header.options = options.dump();
  return weights;
}

TEST(NetworkWeights, GeneratorComesBackWithOptionsParametersAndStatistics) {
  torch::manual_seed(1);
  ReportGeneratorOptions options;
  options.tile = 48;
  options.widths = {3, 4, 5, 6, 7};
  options.upsampling = Upsampling::kSubpixel;
  options.dropout = 0.25;
  ReportGenerator network(options);
  network->forward(torch::randn({4, 1, 48, 48}));  // moves the running statistics
  const auto weights = to_weights(network, R"({"program":"test"})");
  EXPECT_EQ(weights.header.architecture, "report-generator");
  EXPECT_EQ(weights.header.colour_space, "rgb");
  EXPECT_EQ(weights.header.provenance, R"({"program":"test"})");

  const auto read = report_generator_options(weights);
  EXPECT_EQ(read.tile, 48);
  EXPECT_EQ(read.widths, options.widths);
  EXPECT_EQ(read.upsampling, Upsampling::kSubpixel);
  EXPECT_EQ(read.dropout, 0.25);

  ReportGenerator copy(read);
  load_weights(copy, weights);
  network->eval();
  copy->eval();
  const auto gray = torch::randn({2, 1, 48, 48});
  EXPECT_TRUE(torch::equal(copy->forward(gray), network->forward(gray)));
}

TEST(NetworkWeights, DiscriminatorComesBackWithOptionsParametersAndStatistics) {
  torch::manual_seed(2);
  DiscriminatorOptions options;
  options.tile = 48;
  options.widths = {3, 4, 5, 6};
  options.hidden = 7;
  Discriminator network(options);
  const auto gray = torch::randn({3, 1, 48, 48}), colour = torch::randn({3, 3, 48, 48});
  network->forward(gray, colour);
  const auto weights = to_weights(network, "{}");
  EXPECT_EQ(weights.header.architecture, "report-discriminator");

  const auto read = discriminator_options(weights);
  EXPECT_EQ(read.tile, 48);
  EXPECT_EQ(read.widths, options.widths);
  EXPECT_EQ(read.hidden, 7);
  Discriminator copy(read);
  load_weights(copy, weights);
  network->eval();
  copy->eval();
  EXPECT_TRUE(torch::equal(copy->forward(gray, colour), network->forward(gray, colour)));
}

TEST(NetworkWeights, PhotoGeneratorComesBackWithOptionsParametersAndStatistics) {
  torch::manual_seed(3);
  PhotoGeneratorOptions options;
  options.tile = 96;
  options.widths = {3, 4, 5, 6, 7};
  PhotoGenerator network(options);
  network->forward(torch::randn({4, 1, 64, 32}));  // moves the running statistics
  const auto weights = to_weights(network, R"({"program":"test"})");
  EXPECT_EQ(weights.header.architecture, "photo-generator");
  EXPECT_EQ(weights.header.colour_space, "ycbcr-601");
  EXPECT_EQ(weights.header.provenance, R"({"program":"test"})");

  const auto read = photo_generator_options(weights);
  EXPECT_EQ(read.tile, 96);
  EXPECT_EQ(read.widths, options.widths);
  PhotoGenerator copy(read);
  load_weights(copy, weights);
  network->eval();
  copy->eval();
  const auto gray = torch::randn({2, 1, 64, 32}), vividness = torch::ones({2});
  EXPECT_TRUE(torch::equal(copy->forward(gray, vividness), network->forward(gray, vividness)));
}

TEST(NetworkWeights, PatchDiscriminatorComesBackWithOptionsAndParameters) {
  torch::manual_seed(4);
  PatchDiscriminatorOptions options;
  options.widths = {3, 4, 5, 6};
  PatchDiscriminator network(options);
  const auto weights = to_weights(network, "{}");
  EXPECT_EQ(weights.header.architecture, "patch-discriminator");

  const auto read = patch_discriminator_options(weights);
  EXPECT_EQ(read.widths, options.widths);
  PatchDiscriminator copy(read);
  load_weights(copy, weights);
  const auto gray = torch::randn({2, 1, 32, 48}), colour = torch::randn({2, 3, 32, 48});
  EXPECT_TRUE(torch::equal(copy->forward(gray, colour), network->forward(gray, colour)));
}

// As training/encoder_weights.py writes it.
Weights encoder_weights() {
  Weights weights;
  weights.header = {"efficientnet-lite0-encoder", "{}", "none", "{}"};
  for (const auto& item : EfficientNetLiteEncoder(EfficientNetLite::k0)->named_parameters())
    weights.tensors[item.key()] = item.value().detach().contiguous();
  return weights;
}

TEST(NetworkWeights, EncoderComesFromItsFileAndTheDecoderStays) {
  torch::manual_seed(5);
  PhotoGenerator network;
  const auto before = to_weights(network, "{}");
  const auto path = testing::TempDir() + "cgan-encoder.safetensors";
  const auto weights = encoder_weights();
  write_weights(path, weights, StorageType::kFloat32);
  load_encoder_weights(network, read_weights(path));
  std::remove(path.c_str());

  size_t taken = 0;
  for (const auto& [name, tensor] : to_weights(network, "{}").tensors) {
    const bool encoder = name.rfind("encoder.", 0) == 0;
    const auto& expected = encoder ? weights.tensors.at(name.substr(8)) : before.tensors.at(name);
    EXPECT_TRUE(torch::equal(tensor, expected)) << name;
    taken += encoder;
  }
  EXPECT_EQ(taken, weights.tensors.size());
}

TEST(NetworkWeights, RefuseAnEncoderFileThatIsNone) {
  PhotoGenerator network;
  EXPECT_THAT(refusal([&] { load_encoder_weights(network, tiny_weights()); }),
              HasSubstr("not a 'efficientnet-lite0-encoder'"));
  auto weights = encoder_weights();
  weights.tensors.erase("blocks.7.depthwise.bias");
  EXPECT_THAT(refusal([&] { load_encoder_weights(network, weights); }),
              HasSubstr("lacks the tensor 'blocks.7.depthwise.bias'"));
}

TEST(NetworkWeights, RefusePhotoOptionsThatAreMissingOrOutOfRange) {
  auto weights = tiny_photo_weights();
  const auto refused = [&](const char* options) {
    weights.header.options = options;
    return refusal([&] { photo_generator_options(weights); });
  };
  EXPECT_THAT(refused(R"({"tile": 64})"), HasSubstr("widths"));
  EXPECT_THAT(refused(R"({"tile": 80, "widths": [8, 7, 6, 5, 4]})"), HasSubstr("multiple of 32"));
  EXPECT_THAT(refused(R"({"tile": 64, "widths": [8, 7, 6, 5, 0]})"), HasSubstr("positive"));
  EXPECT_THAT(refusal([] { report_generator_options(tiny_photo_weights()); }),
              HasSubstr("holds a 'photo-generator', not a 'report-generator'"));
}

TEST(NetworkWeights, HoldStatisticsButNoBatchCounters) {
  const auto weights = to_weights(ReportGenerator(), "{}");
  EXPECT_EQ(weights.tensors.count("e1.norm.running_var"), 1u);
  for (const auto& [name, tensor] : weights.tensors)
    EXPECT_EQ(name.find("num_batches_tracked"), std::string::npos) << name;
}

TEST(NetworkWeights, AreACopy) {
  ReportGenerator network;
  const auto weights = to_weights(network, "{}");
  const auto before = weights.tensors.at("out.bias").clone();
  torch::NoGradGuard no_gradients;
  network->named_parameters()["out.bias"].add_(1);
  EXPECT_TRUE(torch::equal(weights.tensors.at("out.bias"), before));
}

TEST(NetworkWeights, RefuseAnotherArchitecture) {
  const auto weights = tiny_weights();
  EXPECT_THAT(refusal([&] { discriminator_options(weights); }),
              HasSubstr("holds a 'report-generator', not a 'report-discriminator'"));
  Discriminator network;
  EXPECT_THAT(refusal([&] { load_weights(network, weights); }), HasSubstr("report-generator"));
}

TEST(NetworkWeights, RefuseMissingSurplusAndMisshapenTensorsAndLeaveTheNetworkAlone) {
  ReportGenerator network(report_generator_options(tiny_weights()));
  const auto before = to_weights(network, "{}");

  auto weights = tiny_weights();
  weights.source = "x.safetensors";
  weights.tensors.erase("e2.norm.running_mean");
  EXPECT_THAT(refusal([&] { load_weights(network, weights); }),
              testing::AllOf(HasSubstr("lacks the tensor 'e2.norm.running_mean'"),
                             HasSubstr("'x.safetensors'")));
  weights = tiny_weights();
  weights.tensors["e9.weight"] = torch::zeros({1});
  EXPECT_THAT(refusal([&] { load_weights(network, weights); }),
              HasSubstr("'e9.weight' has no place"));
  weights = tiny_weights();
  weights.tensors["out.weight"] = torch::zeros({3, 9, 1, 1});
  EXPECT_THAT(
      refusal([&] { load_weights(network, weights); }),
      HasSubstr("'out.weight' has the shape [3, 9, 1, 1], its options ask for [3, 8, 1, 1]"));

  const auto after = to_weights(network, "{}");
  for (const auto& [name, tensor] : before.tensors)
    EXPECT_TRUE(torch::equal(after.tensors.at(name), tensor)) << name;
}

TEST(NetworkWeights, RefuseOptionsThatAreMissingOrOutOfRange) {
  auto weights = tiny_weights();
  weights.header.options = R"({"tile": 32})";
  EXPECT_THAT(refusal([&] { report_generator_options(weights); }), HasSubstr("widths"));
  EXPECT_THAT(refusal([] { report_generator_options(with_option("tile", 33)); }),
              HasSubstr("multiple of 16"));
  EXPECT_THAT(refusal([] { report_generator_options(with_option("tile", "32")); }),
              HasSubstr("options are incomplete"));
  EXPECT_THAT(refusal([] { report_generator_options(with_option("upsampling", "magic")); }),
              HasSubstr("'magic'"));
  EXPECT_THAT(refusal([] { report_generator_options(with_option("dropout", 1.5)); }),
              HasSubstr("dropout"));
  EXPECT_THAT(refusal([] {
                report_generator_options(with_option("widths", {1, 2}));
              }),
              HasSubstr("options"));
}

}  // namespace
}  // namespace cgan
