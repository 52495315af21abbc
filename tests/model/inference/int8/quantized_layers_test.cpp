// The layers in int8 against the same arithmetic in double, with the code of every instruction set:
// codes that lie in the middle between two may be rounded either way.

#include "model/inference/int8/quantized_layers.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/model/instruction_sets.h"
#include "tests/model/random_tensors.h"

namespace cgan {
namespace {

/// Codes of numbers, and back.
at::Tensor codes_of(const at::Tensor& numbers, const QuantParams& params) {
  return (numbers.to(at::kDouble) / params.scale).round().add(params.zero_point).clamp(0, 255);
}
at::Tensor numbers_of(const at::Tensor& codes, const QuantParams& params) {
  return (codes - static_cast<double>(params.zero_point)) * params.scale;
}

/// Weights as so many steps of the largest of each output.
at::Tensor rounded(const at::Tensor& weight, int64_t steps) {
  const auto largest = std::get<0>(weight.to(at::kDouble).abs().flatten(1).max(1));
  const auto scale = (largest / static_cast<double>(steps)).view({-1, 1, 1, 1});
  return (weight.to(at::kDouble) / scale).round() * scale;
}

class QuantizedLayers : public test::EveryInstructionSet {
 protected:
  /// (C, H, W) of codes as a map with a border.
  FeatureMap<uint8_t> bordered(const at::Tensor& codes, const QuantParams& params) {
    const auto map =
        take_bordered_map<uint8_t>(workspace_, codes.size(1), codes.size(2), codes.size(0),
                                   static_cast<uint8_t>(params.zero_point));
    fill(codes, map);
    return map;
  }
  FeatureMap<uint8_t> map_of(const at::Tensor& codes) {
    const auto map = take_map<uint8_t>(workspace_, codes.size(1), codes.size(2), codes.size(0));
    fill(codes, map);
    return map;
  }
  static void fill(const at::Tensor& codes, const FeatureMap<uint8_t>& map) {
    const auto pixels = codes.permute({1, 2, 0}).to(at::kByte).contiguous();
    for (int64_t y = 0; y < map.height; ++y)
      std::copy_n(pixels.data_ptr<uint8_t>() + y * map.width * map.channels,
                  map.width * map.channels, map.row(y));
  }
  template <typename Sample>
  static at::Tensor picture_of(const FeatureMap<Sample>& map) {
    const auto pixels = at::empty({map.height, map.width, map.channels},
                                  sizeof(Sample) == 1 ? at::kByte : at::kFloat);
    for (int64_t y = 0; y < map.height; ++y)
      std::copy_n(map.row(y), map.width * map.channels,
                  pixels.template data_ptr<Sample>() + y * map.width * map.channels);
    return pixels.permute({2, 0, 1}).to(at::kDouble);
  }
  static at::Tensor convolved(const at::Tensor& numbers, const at::Tensor& weight,
                              const at::Tensor& bias) {
    return at::conv2d(numbers.unsqueeze(0), weight, bias.to(at::kDouble), 1, weight.size(2) / 2)
        .squeeze(0);
  }
  static void expect_codes(const at::Tensor& result, const at::Tensor& numbers,
                           const QuantParams& params, const std::string& what) {
    const auto exact = (numbers / params.scale).add(params.zero_point).clamp(0, 255);
    ASSERT_LT((result - exact).abs().max().item<double>(), 0.502) << what;
  }

  WorkerPool pool_{2};
  Workspace workspace_{pool_};
  const QuantParams in_{{-0.4f, 1.0f}}, out_{{-8.0f, 9.0f}}, added_{{-1.0f, 2.0f}},
      relu_{{0.0f, 6.0f}};
};

INSTANTIATE_TEST_SUITE_P(Sets, QuantizedLayers, test::every_instruction_set(), test::name_of_set);

TEST_P(QuantizedLayers, ConvolutionIsThatOfItsRoundedWeights) {
  uint64_t seed = 1;
  for (const int64_t side : {1, 3})
    for (const int64_t outputs : {1, 7, 16, 33, 72, 130})
      for (const int64_t inputs : {1, 4, 17, 64})
        for (const auto& [height, width] : {std::pair(1, 5), std::pair(6, 14), std::pair(3, 131)}) {
          workspace_.give_back();
          const Convolution convolution = {uniform({outputs, inputs, side, side}, ++seed) * 0.5,
                                           uniform({outputs}, ++seed)};
          const auto codes = codes_of(uniform({inputs, height, width}, ++seed), in_);
          const auto in = side == 3 ? bordered(codes, in_) : map_of(codes);
          const auto out = take_map<uint8_t>(workspace_, height, width, outputs);
          const QuantizedConvolution layer(convolution, in_, out_, std::nullopt, kernels());
          layer.run(in, out, pool_);
          const auto weight = rounded(convolution.weight, kernels().largest_weight);
          expect_codes(picture_of(out), convolved(numbers_of(codes, in_), weight, convolution.bias),
                       out_,
                       std::to_string(side) + ", " + std::to_string(outputs) + " outputs, " +
                           std::to_string(inputs) + " inputs, " + std::to_string(width));
        }
}

TEST_P(QuantizedLayers, LargestWeightsAndCodesDoNotSaturate) {
  // All weights alike are all the largest; so are all codes.
  const Convolution convolution = {at::full({20, 64, 1, 1}, 0.125f), at::zeros({20})};
  const QuantParams in({0, 1}), out({0, 16});
  const auto codes = at::full({64, 2, 9}, 255, at::kDouble);
  const auto map = take_map<uint8_t>(workspace_, 2, 9, 20);
  QuantizedConvolution(convolution, in, out, std::nullopt, kernels())
      .run(map_of(codes), map, pool_);
  expect_codes(picture_of(map), at::full({20, 2, 9}, 8.0, at::kDouble), out, "8 of 16");
}

TEST_P(QuantizedLayers, ConvolutionAddsPixelsAndBlocksAndRoundsTheSum) {
  const Convolution convolution = {uniform({24, 12, 3, 3}, 1) * 0.3, uniform({24}, 2)};
  const auto weight = rounded(convolution.weight, kernels().largest_weight);
  const auto codes = codes_of(uniform({12, 6, 10}, 3), in_);
  const auto sums = convolved(numbers_of(codes, in_), weight, convolution.bias);
  const QuantizedConvolution layer(convolution, in_, out_, added_, kernels());
  const auto out = take_map<uint8_t>(workspace_, 6, 10, 24);
  const auto pixels = codes_of(uniform({24, 6, 10}, 4), added_);
  layer.run(bordered(codes, in_), out, pool_, AddedMap<uint8_t>::pixels(bordered(pixels, added_)));
  expect_codes(picture_of(out), sums + numbers_of(pixels, added_), out_, "pixels");

  const auto blocks = codes_of(uniform({4 * 24, 3, 5}, 5), added_);  // (row, column, output)
  layer.run(bordered(codes, in_), out, pool_, AddedMap<uint8_t>::blocks(map_of(blocks)));
  const auto shuffled = blocks.view({2, 2, 24, 3, 5}).permute({2, 3, 0, 4, 1}).reshape({24, 6, 10});
  expect_codes(picture_of(out), sums + numbers_of(shuffled, added_), out_, "blocks");
}

TEST_P(QuantizedLayers, ConvolutionWithoutOutputCodesGivesNumbersAfterRelu) {
  const Convolution convolution = {uniform({24, 12, 3, 3}, 1) * 0.3, uniform({24}, 2)};
  const auto weight = rounded(convolution.weight, kernels().largest_weight);
  const auto codes = codes_of(uniform({12, 6, 10}, 3), in_);
  const auto pixels = codes_of(uniform({24, 6, 10}, 4), added_);
  const auto out = take_map<float>(workspace_, 6, 10, 24);
  QuantizedConvolution(convolution, in_, std::nullopt, added_, kernels())
      .run(bordered(codes, in_), out, pool_, AddedMap<uint8_t>::pixels(map_of(pixels)));
  const auto expected =
      (convolved(numbers_of(codes, in_), weight, convolution.bias) + numbers_of(pixels, added_))
          .clamp_min(0);
  EXPECT_TRUE(at::allclose(picture_of(out), expected, 1e-4, 1e-4));
}

TEST_P(QuantizedLayers, ConvolutionTakesABiasMoreForOneCall) {
  const Convolution convolution = {uniform({20, 8, 1, 1}, 1), uniform({20}, 2)};
  const auto codes = codes_of(uniform({8, 3, 4}, 3), in_);
  const auto bias = uniform({20}, 4);
  const QuantizedConvolution layer(convolution, in_, out_, std::nullopt, kernels());
  std::vector<float> offsets(layer.columns());
  layer.offsets_with(bias.data_ptr<float>(), offsets.data());
  const auto out = take_map<uint8_t>(workspace_, 3, 4, 20);
  layer.run(map_of(codes), out, pool_, {}, offsets.data());
  const auto weight = rounded(convolution.weight, kernels().largest_weight);
  expect_codes(picture_of(out), convolved(numbers_of(codes, in_), weight, convolution.bias + bias),
               out_, "bias");
}

TEST_P(QuantizedLayers, DepthwiseIsLibTorchsAtEverySize) {
  uint64_t seed = 1;
  for (const int64_t channels : {32, 40, 96})
    for (const int64_t side : {3, 5})
      for (const int64_t stride : {1, 2})
        for (const int64_t height : {2, 10})
          for (const int64_t width : {2, 4, 8, 14, 24}) {
            workspace_.give_back();
            const Convolution convolution = {uniform({channels, 1, side, side}, ++seed),
                                             uniform({channels}, ++seed)};
            const auto codes = codes_of(uniform({channels, height, width}, ++seed) * 3 + 3, relu_);
            const int64_t before = (side - stride) / 2, after = side - stride - before;
            const auto padded = at::constant_pad_nd(numbers_of(codes, relu_).unsqueeze(0),
                                                    {before, after, before, after});
            const auto expected = at::conv2d(padded, rounded(convolution.weight, 32767),
                                             convolution.bias.to(at::kDouble), stride,
                                             at::IntArrayRef{0, 0}, 1, channels)
                                      .squeeze(0);
            const auto out =
                take_map<uint8_t>(workspace_, height / stride, width / stride, channels);
            QuantizedDepthwise(convolution, relu_, out_, stride, kernels())
                .run(map_of(codes), out, pool_);
            expect_codes(picture_of(out), expected, out_,
                         std::to_string(channels) + ", " + std::to_string(side) + ", stride " +
                             std::to_string(stride) + ", " + std::to_string(width));
          }
}

TEST_P(QuantizedLayers, StemRoundsTheConvolutionOfLuma) {
  const Convolution convolution = {uniform({32, 1, 3, 3}, 1), uniform({32}, 2)};
  const auto picture = at::constant_pad_nd(uniform({1, 12, 20}, 3), {0, 1, 0, 1});
  const auto in = take_map<float>(workspace_, 13, 21, 1);
  std::copy_n(picture.contiguous().data_ptr<float>(), 13 * 21, in.data);
  const auto out = take_map<uint8_t>(workspace_, 6, 10, 32);
  QuantizedStem(convolution, relu_, kernels()).run(in, out, pool_);
  const auto expected = at::conv2d(picture.unsqueeze(0), convolution.weight, convolution.bias, 2);
  expect_codes(picture_of(out), expected.squeeze(0).to(at::kDouble), relu_, "stem");
}

TEST(QuantizedMeans, AreThoseOfTheNumbers) {
  WorkerPool pool(1);
  Workspace workspace(pool);
  const QuantParams params({-1.0f, 3.0f});
  const auto map = take_map<uint8_t>(workspace, 2, 2, 3);
  for (int i = 0; i < 12; ++i) map.data[i] = static_cast<uint8_t>(20 * i);
  float means[3];
  picture_means(map, params, means);
  for (int c = 0; c < 3; ++c) {
    const double code = 20.0 * (c + 3 * 1.5);
    EXPECT_NEAR(means[c], params.scale * (code - static_cast<double>(params.zero_point)), 1e-5);
  }
}

}  // namespace
}  // namespace cgan
