// Holds both networks against the tables of the specification, row by row.
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/networks/discriminator.h"
#include "model/networks/report_generator.h"

namespace cgan {
namespace {

using Shape = std::vector<int64_t>;

int64_t parameter_count(const torch::nn::Module& network) {
  int64_t count = 0;
  for (const auto& parameter : network.parameters()) count += parameter.numel();
  return count;
}

std::map<std::string, Shape> parameter_shapes(const torch::nn::Module& network) {
  std::map<std::string, Shape> shapes;
  for (const auto& item : network.named_parameters())
    shapes[item.key()] = item.value().sizes().vec();
  return shapes;
}

template <typename Module>
Module& layer(torch::nn::Module& network, const std::string& name) {
  return *network.named_children()[name]->as<Module>();
}

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(ReportGenerator, HasTheNumberOfParametersOfTheTable) {
  EXPECT_EQ(parameter_count(*ReportGenerator()), 4169155);
}

TEST(ReportGenerator, HasTheLayersOfTheTable) {
  const std::map<std::string, Shape> table = {
      {"e0.weight", {64, 1, 1, 1}},
      {"e0.bias", {64}},
      {"e1.conv.weight", {128, 64, 2, 2}},
      {"e1.conv.bias", {128}},
      {"e1.norm.weight", {128}},
      {"e1.norm.bias", {128}},
      {"e2.conv.weight", {256, 128, 2, 2}},
      {"e2.conv.bias", {256}},
      {"e2.norm.weight", {256}},
      {"e2.norm.bias", {256}},
      {"e3.conv.weight", {512, 256, 2, 2}},
      {"e3.conv.bias", {512}},
      {"e3.norm.weight", {512}},
      {"e3.norm.bias", {512}},
      {"e4.conv.weight", {512, 512, 2, 2}},
      {"e4.conv.bias", {512}},
      {"e4.norm.weight", {512}},
      {"e4.norm.bias", {512}},
      {"d1.weight", {512, 512, 2, 2}},
      {"d1.bias", {512}},
      {"d1.norm.weight", {512}},
      {"d1.norm.bias", {512}},
      {"d2.weight", {1024, 256, 2, 2}},
      {"d2.bias", {256}},
      {"d2.norm.weight", {256}},
      {"d2.norm.bias", {256}},
      {"d3.weight", {512, 128, 2, 2}},
      {"d3.bias", {128}},
      {"d3.norm.weight", {128}},
      {"d3.norm.bias", {128}},
      {"d4.weight", {256, 64, 2, 2}},
      {"d4.bias", {64}},
      {"d4.norm.weight", {64}},
      {"d4.norm.bias", {64}},
      {"out.weight", {3, 128, 1, 1}},
      {"out.bias", {3}},
  };
  EXPECT_EQ(parameter_shapes(*ReportGenerator()), table);
}

TEST(ReportGenerator, ComputesTheRowsOfTheTableInTheirOrder) {
  torch::manual_seed(1);
  const torch::NoGradGuard no_gradients;
  ReportGenerator network;
  network->eval();
  auto& n = *network;
  const auto gray = torch::rand({2, 1, 32, 32}) * 2 - 1;
  const auto masks = draw_dropout_masks(network->options(), 2, at::detail::createCPUGenerator(2));

  const auto x0 = torch::leaky_relu(layer<torch::nn::Conv2dImpl>(n, "e0").forward(gray), 0.2);
  EXPECT_EQ(x0.sizes(), (Shape{2, 64, 32, 32}));
  const auto x1 = layer<DownBlockImpl>(n, "e1").forward(x0);
  EXPECT_EQ(x1.sizes(), (Shape{2, 128, 16, 16}));
  const auto x2 = layer<DownBlockImpl>(n, "e2").forward(x1);
  EXPECT_EQ(x2.sizes(), (Shape{2, 256, 8, 8}));
  const auto x3 = layer<DownBlockImpl>(n, "e3").forward(x2);
  EXPECT_EQ(x3.sizes(), (Shape{2, 512, 4, 4}));
  const auto x4 = layer<DownBlockImpl>(n, "e4").forward(x3);
  EXPECT_EQ(x4.sizes(), (Shape{2, 512, 2, 2}));
  const auto y1 = layer<UpBlockImpl>(n, "d1").forward(x4, x3, masks.d1);
  EXPECT_EQ(y1.sizes(), (Shape{2, 512 + 512, 4, 4}));
  const auto y2 = layer<UpBlockImpl>(n, "d2").forward(y1, x2, masks.d2);
  EXPECT_EQ(y2.sizes(), (Shape{2, 256 + 256, 8, 8}));
  const auto y3 = layer<UpBlockImpl>(n, "d3").forward(y2, x1, torch::Tensor());
  EXPECT_EQ(y3.sizes(), (Shape{2, 128 + 128, 16, 16}));
  const auto y4 = layer<UpBlockImpl>(n, "d4").forward(y3, x0, torch::Tensor());
  EXPECT_EQ(y4.sizes(), (Shape{2, 64 + 64, 32, 32}));
  const auto out = torch::tanh(layer<torch::nn::Conv2dImpl>(n, "out").forward(y4));
  EXPECT_EQ(out.sizes(), (Shape{2, 3, 32, 32}));

  EXPECT_LT(largest_difference(network->forward(gray, masks), out), 1e-6);
}

TEST(ReportGenerator, DropsNothingWithoutMasksAndDiffersWithThem) {
  torch::manual_seed(3);
  const torch::NoGradGuard no_gradients;
  ReportGenerator network;
  network->eval();
  const auto gray = torch::rand({1, 1, 32, 32}) * 2 - 1;
  const auto masks = draw_dropout_masks(network->options(), 1, at::detail::createCPUGenerator(4));
  EXPECT_TRUE(torch::equal(network->forward(gray), network->forward(gray)));
  EXPECT_GT(largest_difference(network->forward(gray), network->forward(gray, masks)), 1e-4);
}

TEST(ReportGenerator, TakesOtherTilesWidthsAndTheSubpixelForm) {
  torch::manual_seed(5);
  ReportGeneratorOptions options;
  options.tile = 64;
  options.widths = {3, 4, 5, 6, 7};
  options.upsampling = Upsampling::kSubpixel;
  ReportGenerator network(options);
  EXPECT_EQ(network->forward(torch::zeros({2, 1, 64, 64})).sizes(), (Shape{2, 3, 64, 64}));
  const auto shapes = parameter_shapes(*network);
  EXPECT_EQ(shapes.at("d2.weight"), (Shape{4 * 5, 2 * 6, 3, 3}));
  EXPECT_EQ(shapes.at("d2.bias"), (Shape{4 * 5}));
}

TEST(ReportGenerator, RefusesOptionsOutsideTheirRange) {
  const auto refuses = [](auto change) {
    ReportGeneratorOptions options;
    change(options);
    EXPECT_THROW(ReportGenerator{options}, std::invalid_argument);
  };
  refuses([](auto& o) { o.tile = 0; });
  refuses([](auto& o) { o.tile = -16; });
  refuses([](auto& o) { o.tile = 40; });
  refuses([](auto& o) { o.widths[4] = 0; });
  refuses([](auto& o) { o.dropout = 1; });
  refuses([](auto& o) { o.dropout = -0.1; });
  refuses([](auto& o) { o.dropout = std::nan(""); });
}

TEST(DropoutMasks, KeepTheMeanAndHoldTwoValues) {
  ReportGeneratorOptions options;
  options.dropout = 0.25;
  const auto masks = draw_dropout_masks(options, 3, at::detail::createCPUGenerator(6));
  EXPECT_EQ(masks.d1.sizes(), (Shape{3, 512, 4, 4}));
  EXPECT_EQ(masks.d2.sizes(), (Shape{3, 256, 8, 8}));
  for (const auto& mask : {masks.d1, masks.d2}) {
    const auto kept = mask == 1 / 0.75F;
    EXPECT_TRUE((kept | (mask == 0)).all().item<bool>());
    // 24,576 and 49,152 draws: five standard deviations are 0.014.
    EXPECT_NEAR(kept.to(torch::kFloat).mean().item<double>(), 0.75, 0.014);
  }
}

TEST(DropoutMasks, RepeatWithTheSeedAndDifferBetweenPictures) {
  const ReportGeneratorOptions options;
  const auto first = draw_dropout_masks(options, 2, at::detail::createCPUGenerator(7));
  const auto again = draw_dropout_masks(options, 2, at::detail::createCPUGenerator(7));
  EXPECT_TRUE(torch::equal(first.d1, again.d1));
  EXPECT_TRUE(torch::equal(first.d2, again.d2));
  EXPECT_FALSE(torch::equal(first.d1[0], first.d1[1]));
}

TEST(Discriminator, HasTheNumberOfParametersOfTheTable) {
  EXPECT_EQ(parameter_count(*Discriminator()), 954305);
}

TEST(Discriminator, HasTheLayersOfTheTable) {
  const std::map<std::string, Shape> table = {
      {"c1.conv.weight", {64, 4, 2, 2}},
      {"c1.conv.bias", {64}},
      {"c2.conv.weight", {128, 64, 2, 2}},
      {"c2.conv.bias", {128}},
      {"c2.norm.weight", {128}},
      {"c2.norm.bias", {128}},
      {"c3.conv.weight", {256, 128, 2, 2}},
      {"c3.conv.bias", {256}},
      {"c3.norm.weight", {256}},
      {"c3.norm.bias", {256}},
      {"c4.conv.weight", {512, 256, 2, 2}},
      {"c4.conv.bias", {512}},
      {"c4.norm.weight", {512}},
      {"c4.norm.bias", {512}},
      {"f1.weight", {128, 2048}},
      {"f1.bias", {128}},
      {"f2.weight", {1, 128}},
      {"f2.bias", {1}},
  };
  EXPECT_EQ(parameter_shapes(*Discriminator()), table);
}

TEST(Discriminator, ComputesTheRowsOfTheTableInTheirOrder) {
  torch::manual_seed(8);
  const torch::NoGradGuard no_gradients;
  Discriminator network;
  network->eval();
  auto& n = *network;
  const auto gray = torch::rand({2, 1, 32, 32}) * 2 - 1, colour = torch::rand({2, 3, 32, 32});
  auto x = layer<DownBlockImpl>(n, "c1").forward(torch::cat({gray, colour}, 1));
  EXPECT_EQ(x.sizes(), (Shape{2, 64, 16, 16}));
  x = layer<DownBlockImpl>(n, "c2").forward(x);
  EXPECT_EQ(x.sizes(), (Shape{2, 128, 8, 8}));
  x = layer<DownBlockImpl>(n, "c3").forward(x);
  EXPECT_EQ(x.sizes(), (Shape{2, 256, 4, 4}));
  x = layer<DownBlockImpl>(n, "c4").forward(x);
  EXPECT_EQ(x.sizes(), (Shape{2, 512, 2, 2}));
  x = torch::leaky_relu(layer<torch::nn::LinearImpl>(n, "f1").forward(x.flatten(1)), 0.2);
  EXPECT_EQ(x.sizes(), (Shape{2, 128}));
  x = layer<torch::nn::LinearImpl>(n, "f2").forward(x).squeeze(1);
  const auto logits = network->forward(gray, colour);
  EXPECT_EQ(logits.sizes(), (Shape{2}));
  EXPECT_LT(largest_difference(logits, x), 1e-6);
}

TEST(Discriminator, RefusesOptionsOutsideTheirRange) {
  const auto refuses = [](auto change) {
    DiscriminatorOptions options;
    change(options);
    EXPECT_THROW(Discriminator{options}, std::invalid_argument);
  };
  refuses([](auto& o) { o.tile = 0; });
  refuses([](auto& o) { o.tile = 24; });
  refuses([](auto& o) { o.widths[0] = -1; });
  refuses([](auto& o) { o.hidden = 0; });
}

}  // namespace
}  // namespace cgan
