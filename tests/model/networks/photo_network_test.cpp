// The photo generator's parts and the patch discriminator against their tables and slow forms.
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/networks/patch_discriminator.h"
#include "model/networks/photo_generator.h"

namespace cgan {
namespace {

using Shape = std::vector<int64_t>;
using Parameters = torch::OrderedDict<std::string, torch::Tensor>;

PhotoGeneratorOptions small() {
  PhotoGeneratorOptions options;
  options.tile = 64;
  options.widths = {8, 7, 6, 5, 4};
  return options;
}

int64_t parameter_count(const torch::nn::Module& network) {
  int64_t count = 0;
  for (const auto& parameter : network.parameters()) count += parameter.numel();
  return count;
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

// He's initialisation, so that a signal lives through the encoder's fifty layers.
void keep_the_signal(torch::nn::Module& network) {
  const torch::NoGradGuard no_gradients;
  for (auto& item : network.named_parameters()) {
    auto& p = item.value();
    const double inputs = static_cast<double>(p.numel() / p.size(0));
    if (p.dim() == 4) p.normal_(0, std::sqrt(2 / inputs));
  }
}

// A convolution of TensorFlow's SAME at an even side, by its definition: row by row, tap by tap.
torch::Tensor same_convolution(const torch::Tensor& x, const torch::Tensor& weight,
                               const torch::Tensor& bias, int64_t stride) {
  const int64_t k = weight.size(2), height = x.size(2) / stride, width = x.size(3) / stride;
  const int64_t before = (k - stride) / 2, groups = x.size(1) / weight.size(1);
  const auto at_place = [&](int64_t y, int64_t column) {
    return y >= 0 && y < x.size(2) && column >= 0 && column < x.size(3);
  };
  auto result = bias.view({1, -1, 1, 1}).expand({x.size(0), -1, height, width}).clone();
  for (int64_t i = 0; i < height; ++i)
    for (int64_t j = 0; j < width; ++j)
      for (int64_t v = 0; v < k; ++v)
        for (int64_t u = 0; u < k; ++u) {
          const int64_t y = i * stride + v - before, column = j * stride + u - before;
          if (!at_place(y, column)) continue;
          const auto pixel = x.select(3, column).select(2, y);   // (N, Cin)
          const auto matrix = weight.select(3, u).select(2, v);  // (Cout, Cin / groups)
          result.select(3, j).select(2, i).add_(groups == 1 ? torch::mm(pixel, matrix.t())
                                                            : pixel * matrix.squeeze(1));
        }
  return result;
}

struct ReferenceBlock {
  int64_t stride;
  bool residual;
};

// The table of EfficientNet-Lite0, block by block.
const std::vector<ReferenceBlock> kBlocks = {
    {1, false}, {2, false}, {1, true}, {2, false}, {1, true}, {2, false}, {1, true}, {1, true},
    {1, false}, {1, true},  {1, true}, {2, false}, {1, true}, {1, true},  {1, true}, {1, false}};

std::vector<torch::Tensor> reference_blocks(const Parameters& p, const torch::Tensor& gray) {
  const auto convolution = [&](const std::string& name, const torch::Tensor& x, int64_t stride) {
    return same_convolution(x, p[name + ".weight"], p[name + ".bias"], stride);
  };
  const auto y255 = (gray + 1) / 2 * 255;
  auto x = convolution("stem", (y255 - 127) / 128, 2).clamp(0, 6);
  std::vector<torch::Tensor> results;
  for (size_t i = 0; i < kBlocks.size(); ++i) {
    const auto name = "blocks." + std::to_string(i) + ".";
    auto y = i == 0 ? x : convolution(name + "expand", x, 1).clamp(0, 6);
    y = convolution(name + "depthwise", y, kBlocks[i].stride).clamp(0, 6);
    y = convolution(name + "project", y, 1);
    x = kBlocks[i].residual ? y + x : y;
    results.push_back(x);
  }
  return results;
}

TEST(EfficientNetLiteEncoder, HasTheNumbersOfParametersOfThePublishedNetworks) {
  EXPECT_EQ(parameter_count(*EfficientNetLiteEncoder(EfficientNetLite::k0)), 2938544);
  EXPECT_EQ(parameter_count(*EfficientNetLiteEncoder(EfficientNetLite::k2)), 4329608);
}

TEST(EfficientNetLiteEncoder, ScalesWidthAndDepth) {
  const auto shape = encoder_shape(EfficientNetLite::k2);
  EXPECT_EQ(shape.blocks.size(), 21u);
  EXPECT_EQ(shape.taps, (std::array<size_t, 5>{0, 3, 6, 14, 20}));
  EXPECT_EQ(shape.channels, (std::array<int64_t, 5>{16, 24, 48, 120, 352}));
  EXPECT_EQ(efficientnet_lite_from_string("efficientnet-lite2"), EfficientNetLite::k2);
  EXPECT_THROW(efficientnet_lite_from_string("efficientnet-lite9"), std::invalid_argument);
}

TEST(EfficientNetLiteEncoder, EqualsItsTableComputedTapByTap) {
  torch::manual_seed(1);
  const torch::NoGradGuard no_gradients;
  EfficientNetLiteEncoder encoder(EfficientNetLite::k0);
  keep_the_signal(*encoder);
  const auto gray = torch::rand({2, 1, 32, 64}) * 2 - 1;
  const auto blocks = reference_blocks(encoder->named_parameters(), gray);
  const auto taps = encoder(gray);
  const std::vector<size_t> places = {0, 2, 4, 10, 15};
  for (size_t i = 0; i < taps.size(); ++i) {
    const auto& expected = blocks[places[i]];
    ASSERT_EQ(taps[i].sizes(), expected.sizes());
    EXPECT_GT(expected.std().item<double>(), 0.05) << "the signal died before tap " << i;
    EXPECT_LT(largest_difference(taps[i], expected), 1e-4 * expected.abs().max().item<double>());
  }
}

TEST(EfficientNetLiteEncoder, HandsOnFiveResolutionsInChannelsLast) {
  const torch::NoGradGuard no_gradients;
  const auto channels = encoder_shape(EfficientNetLite::k0).channels;
  const auto taps =
      EfficientNetLiteEncoder(EfficientNetLite::k0)->forward(torch::zeros({2, 1, 64, 96}));
  for (size_t i = 0; i < taps.size(); ++i) {
    const int64_t scale = int64_t{2} << i;
    EXPECT_EQ(taps[i].sizes(), (Shape{2, channels[i], 64 / scale, 96 / scale}));
    EXPECT_TRUE(taps[i].is_contiguous(torch::MemoryFormat::ChannelsLast)) << i;
  }
}

TEST(EfficientNetLiteEncoder, GradientsAreThoseOfFiniteDifferences) {
  torch::manual_seed(2);
  EfficientNetLiteEncoder encoder(EfficientNetLite::k0);
  keep_the_signal(*encoder);
  encoder->to(torch::kDouble);
  const auto gray = torch::rand({1, 1, 32, 32}, torch::kDouble) * 2 - 1;
  const auto loss = [&] {
    const auto taps = encoder(gray);
    return taps[0].sum() + taps[2].square().sum();
  };
  loss().backward();
  for (const char* name : {"stem.weight", "blocks.1.depthwise.weight", "blocks.2.expand.bias"}) {
    auto weight = encoder->named_parameters()[name];
    const double gradient = weight.grad().flatten()[3].item<double>();
    const torch::NoGradGuard no_gradients;
    auto number = weight.flatten()[3];
    const double step = 1e-6;
    number.add_(step);
    const double above = loss().item<double>();
    number.sub_(2 * step);
    const double below = loss().item<double>();
    number.add_(step);
    EXPECT_NEAR((above - below) / (2 * step), gradient, 1e-4 * (1 + std::abs(gradient))) << name;
  }
}

TEST(PhotoGenerator, HasTheNumberOfParametersOfItsDocumentation) {
  EXPECT_EQ(parameter_count(*PhotoGenerator()), 4146514);
}

// Pixels at which every number of a parameter is multiplied once, for a picture of 128x128.
int64_t pixels_of(const std::string& name) {
  const auto at_scale = [](int64_t scale) { return (128 / scale) * (128 / scale); };
  const std::string blocks = "encoder.blocks.";
  if (name.rfind(blocks, 0) == 0) {
    const size_t block = std::stoul(name.substr(blocks.size()));
    int64_t scale = 2;
    for (size_t i = 0; i < block; ++i) scale *= kBlocks[i].stride;
    const bool before_stride = name.find(".expand.") != std::string::npos;
    return at_scale(before_stride ? scale : scale * kBlocks[block].stride);
  }
  if (name.rfind("bottleneck.", 0) == 0) return at_scale(32);
  if (name[0] == 'd') {
    const int64_t scale = 32 >> (name[1] - '0');
    return at_scale(name.substr(2) == ".up" ? 2 * scale : scale);
  }
  return at_scale(2);  // stem and out
}

TEST(PhotoGenerator, CostsLessThanOneAndAHalfBillionOperationsAt128Pixels) {
  int64_t multiplications = 0;
  for (const auto& item : PhotoGenerator()->named_parameters()) {
    const auto& p = item.value();
    if (p.dim() == 4) multiplications += p.numel() * pixels_of(item.key());
    if (p.dim() == 2) multiplications += p.numel();
  }
  // As many additions: a sum of products begins with a bias or with what norm makes one.
  EXPECT_NEAR(2e-9 * static_cast<double>(multiplications), 0.766, 0.001);
}

TEST(PhotoGenerator, GivesChromaOfRectanglesAtHalfTheResolution) {
  PhotoGenerator network(small());
  torch::Tensor features;
  const auto gray = torch::rand({2, 1, 64, 96}) * 2 - 1;
  const auto chroma = network->forward(gray, torch::zeros({2}), {}, &features);
  EXPECT_EQ(chroma.sizes(), (Shape{2, 2, 32, 48}));
  EXPECT_EQ(features.sizes(), (Shape{2, 8}));
  EXPECT_LE(chroma.abs().max().item<double>(), 0.5);
}

TEST(PhotoGenerator, BeginsNearGray) {
  torch::manual_seed(3);
  const torch::NoGradGuard no_gradients;
  const auto chroma = PhotoGenerator()->forward(torch::rand({2, 1, 64, 64}) * 2 - 1);
  EXPECT_LT(chroma.abs().max().item<double>(), 0.1);
  EXPECT_GT(chroma.abs().max().item<double>(), 0);
}

// The decoder by its definition, with LibTorch's own layers.
torch::Tensor reference_decoder(PhotoGenerator& network, const torch::Tensor& gray,
                                const torch::Tensor& vividness) {
  auto p = network->named_parameters();
  const auto norm = [&](const std::string& name, const torch::Tensor& x) {
    return torch::batch_norm(x, p[name + ".weight"], p[name + ".bias"], {}, {}, true, 0.1, 1e-5,
                             false);
  };
  const auto taps = network->encoder()->forward(gray);
  auto x = torch::conv2d(taps[4], p["bottleneck.conv.weight"]);
  x = x + torch::conv2d(taps[4].mean({2, 3}, true),
                        p["bottleneck.global.weight"].unsqueeze(2).unsqueeze(3));
  x = x + torch::outer(vividness, p["bottleneck.vividness.weight"].squeeze(1))
              .unsqueeze(2)
              .unsqueeze(3);
  x = torch::relu(norm("bottleneck.norm", x));
  for (int i = 1; i <= 4; ++i) {
    const auto name = "d" + std::to_string(i) + ".";
    auto skip = taps[4 - i];
    if (i == 4) {
      const int64_t height = gray.size(2) / 2, width = gray.size(3) / 2;
      const auto half = gray.reshape({-1, 1, height, 2, width, 2}).mean({3, 5});
      skip = torch::cat({skip, half}, 1);
    }
    x = torch::cat({torch::conv_transpose2d(x, p[name + "up"], {}, 2), skip}, 1);
    x = torch::relu(norm(name + "merge_norm", torch::conv2d(x, p[name + "merge.weight"])));
    auto y = torch::conv2d(x, p[name + "conv1.weight"], {}, 1, 1);
    y = torch::relu(norm(name + "norm1", y));
    y = torch::conv2d(y, p[name + "conv2.weight"], {}, 1, 1);
    x = torch::relu(norm(name + "norm2", y) + x);
  }
  return torch::tanh(torch::conv2d(x, p["out.weight"], p["out.bias"], 1, 1)) / 2;
}

void fill(PhotoGenerator& network) {
  const torch::NoGradGuard no_gradients;
  keep_the_signal(*network);
  for (auto& item : network->named_parameters())
    if (item.value().dim() == 1) item.value().uniform_(0.5, 1.5);
  network->named_parameters()["bottleneck.vividness.weight"].normal_();
}

TEST(PhotoGenerator, TrainsAsItsDefinitionDoes) {
  torch::manual_seed(4);
  PhotoGenerator network(small());
  fill(network);
  const auto gray = torch::rand({3, 1, 64, 96}) * 2 - 1;
  const auto vividness = torch::tensor({-1.F, 0.F, 0.7F});
  const auto expected = reference_decoder(network, gray, vividness);
  const auto result = network->forward(gray, vividness);
  EXPECT_GT(expected.std().item<double>(), 0.01);
  EXPECT_LT(largest_difference(result, expected), 1e-4);

  const auto direction = torch::randn_like(result);
  for (const char* name : {"d4.conv2.weight", "d1.up", "bottleneck.vividness.weight",
                           "d2.merge_norm.weight", "encoder.blocks.15.project.weight"}) {
    const auto parameter = network->named_parameters()[name];
    const auto ours = torch::autograd::grad({(result * direction).sum()}, {parameter}, {}, true)[0];
    const auto theirs =
        torch::autograd::grad({(expected * direction).sum()}, {parameter}, {}, true)[0];
    EXPECT_LT(largest_difference(ours, theirs), 1e-3 * (1 + theirs.abs().max().item<double>()))
        << name;
  }
}

TEST(PhotoGenerator, DropoutTakesWholeChannelsAwayAndKeepsTheMean) {
  const auto channels = encoder_shape(EfficientNetLite::k0).channels;
  const auto masks = draw_photo_dropout(0.25, 200, channels, 3);
  for (size_t i = 0; i < masks.size(); ++i) {
    EXPECT_EQ(masks[i].sizes(), (Shape{200, channels[i], 1, 1}));
    EXPECT_TRUE((masks[i].eq(0) | masks[i].sub(1 / 0.75).abs().lt(1e-6)).all().item<bool>());
    EXPECT_NEAR(masks[i].mean().item<double>(), 1, 0.05);
    EXPECT_TRUE(draw_photo_dropout(0.25, 2, channels, 3)[i].equal(masks[i].narrow(0, 0, 2)));
  }
  // A network whose encoder's channels are all gone sees the half-size luma alone.
  PhotoGenerator network(small());
  network->eval();
  keep_the_signal(*network);
  PhotoDropout nothing, identity;
  for (size_t i = 0; i < nothing.size(); ++i) {
    nothing[i] = torch::zeros({2, channels[i], 1, 1});
    identity[i] = torch::ones({2, channels[i], 1, 1});
  }
  const auto gray = torch::rand({2, 1, 64, 64}) * 2 - 1;
  const auto whole = network(gray);
  EXPECT_EQ(largest_difference(network->forward(gray, {}, identity), whole), 0);
  EXPECT_GT(largest_difference(network->forward(gray, {}, nothing), whole), 0);
}

TEST(PhotoGenerator, VividnessChangesColoursAndZeroIsNone) {
  torch::manual_seed(5);
  const torch::NoGradGuard no_gradients;
  PhotoGenerator network(small());
  fill(network);
  network->eval();
  const auto gray = torch::rand({1, 1, 64, 64}) * 2 - 1;
  const auto plain = network->forward(gray);
  EXPECT_TRUE(torch::equal(network->forward(gray, torch::zeros({1})), plain));
  EXPECT_GT(largest_difference(network->forward(gray, torch::ones({1})), plain), 1e-3);
}

TEST(PhotoGenerator, FrozenEncoderLearnsNothingAndChangesNoNumber) {
  torch::manual_seed(6);
  PhotoGenerator network(small());
  const auto gray = torch::rand({2, 1, 32, 32}) * 2 - 1;
  network->eval();
  const auto unfrozen = network->forward(gray);
  network->set_frozen_taps(5);
  const auto frozen = network->forward(gray);
  EXPECT_TRUE(torch::equal(frozen, unfrozen));
  frozen.square().sum().backward();
  for (const auto& item : network->named_parameters()) {
    const bool encoder = item.key().rfind("encoder.", 0) == 0;
    EXPECT_EQ(item.value().grad().defined(),
              !encoder && item.key() != "bottleneck.vividness.weight")
        << item.key();
  }
  network->set_frozen_taps(2);
  network->forward(gray).square().sum().backward();
  // Lite0's second tap ends with its third block.
  EXPECT_FALSE(network->named_parameters()["encoder.blocks.2.project.weight"].grad().defined());
  EXPECT_TRUE(network->named_parameters()["encoder.blocks.3.expand.weight"].grad().defined());
  network->set_frozen_taps(0);
  network->forward(gray).square().sum().backward();
  EXPECT_TRUE(network->named_parameters()["encoder.stem.weight"].grad().defined());
}

TEST(PhotoGenerator, RefusesOptionsOutsideTheirRange) {
  const auto refuses = [](auto change) {
    PhotoGeneratorOptions options;
    change(options);
    EXPECT_THROW(PhotoGenerator{options}, std::invalid_argument);
  };
  refuses([](auto& o) { o.tile = 0; });
  refuses([](auto& o) { o.tile = 48; });
  refuses([](auto& o) { o.widths[2] = 0; });
}

TEST(PatchDiscriminator, HasTheNumberOfParametersOfItsDocumentation) {
  EXPECT_EQ(parameter_count(*PatchDiscriminator()), 1711041);
}

TEST(PatchDiscriminator, GivesALogitForEverySixteenPixelsSquared) {
  torch::manual_seed(7);
  const torch::NoGradGuard no_gradients;
  PatchDiscriminatorOptions options;
  options.widths = {3, 4, 5, 6};
  PatchDiscriminator network(options);
  const auto gray = torch::rand({2, 1, 48, 64}), colour = torch::rand({2, 3, 48, 64});
  const auto logits = network->forward(gray, colour);
  EXPECT_EQ(logits.sizes(), (Shape{2, 3 * 4}));

  auto p = network->named_parameters();
  auto x = torch::cat({gray, colour}, 1);
  for (const std::string name : {"c1", "c2", "c3", "c4"}) {
    x = torch::conv2d(x, p[name + ".weight"], p[name + ".bias"], 2, 1);
    x = torch::where(x > 0, x, 0.2 * x);
  }
  x = torch::conv2d(x, p["out.weight"], p["out.bias"], 1, 1);
  EXPECT_LT(largest_difference(logits, x.reshape({2, 12})), 1e-5);
}

TEST(PatchDiscriminator, APatchSeesSeventyEightPixels) {
  torch::manual_seed(8);
  PatchDiscriminator network;
  const auto gray = torch::rand({1, 1, 160, 160}).requires_grad_();
  const auto logits = network->forward(gray, torch::rand({1, 3, 160, 160}));
  logits.view({10, 10})[5][5].backward();
  const auto seen = gray.grad()[0][0].abs().amax(0).nonzero();
  EXPECT_EQ(seen[-1].item<int64_t>() - seen[0].item<int64_t>() + 1, 78);
}

TEST(PatchDiscriminator, RefusesWidthsThatAreNotPositive) {
  PatchDiscriminatorOptions options;
  options.widths[3] = 0;
  EXPECT_THROW(PatchDiscriminator{options}, std::invalid_argument);
}

}  // namespace
}  // namespace cgan
