// The layers in float32 against LibTorch's, with the code of every instruction set.

#include "model/inference/float_layers.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/model/instruction_sets.h"
#include "tests/model/random_tensors.h"

namespace cgan {
namespace {

class FloatLayers : public test::EveryInstructionSet {
 protected:
  /// (C, H, W) as a map with a border of zeros.
  FeatureMap<float> bordered(const at::Tensor& picture) {
    const auto map = take_bordered_map<float>(workspace_, picture.size(1), picture.size(2),
                                              picture.size(0), 0.0f);
    fill(picture, map);
    return map;
  }
  FeatureMap<float> map_of(const at::Tensor& picture) {
    const auto map = take_map<float>(workspace_, picture.size(1), picture.size(2), picture.size(0));
    fill(picture, map);
    return map;
  }
  static void fill(const at::Tensor& picture, const FeatureMap<float>& map) {
    const auto pixels = picture.permute({1, 2, 0}).contiguous();
    for (int64_t y = 0; y < map.height; ++y)
      std::copy_n(pixels.data_ptr<float>() + y * map.width * map.channels, map.width * map.channels,
                  map.row(y));
  }
  /// (C, H, W)
  static at::Tensor picture_of(const FeatureMap<float>& map) {
    const auto pixels = at::empty({map.height, map.width, map.channels});
    for (int64_t y = 0; y < map.height; ++y)
      std::copy_n(map.row(y), map.width * map.channels,
                  pixels.data_ptr<float>() + y * map.width * map.channels);
    return pixels.permute({2, 0, 1});
  }
  static at::Tensor convolved(const at::Tensor& picture, const Convolution& convolution) {
    return at::conv2d(picture.unsqueeze(0), convolution.weight, convolution.bias, 1,
                      convolution.weight.size(2) / 2)
        .squeeze(0);
  }

  WorkerPool pool_{2};
  Workspace workspace_{pool_};
};

INSTANTIATE_TEST_SUITE_P(Sets, FloatLayers, test::every_instruction_set(), test::name_of_set);

TEST_P(FloatLayers, ConvolutionIsLibTorchsAtEverySize) {
  uint64_t seed = 1;
  for (const int64_t side : {1, 3})
    for (const int64_t outputs : {1, 7, 16, 33, 100})
      for (const int64_t inputs : {1, 3, 17, 64})
        for (const auto& [height, width] : {std::pair(1, 5), std::pair(6, 14), std::pair(3, 131)}) {
          workspace_.give_back();
          const Convolution convolution = {
              uniform({outputs, inputs, side, side}, ++seed),
              seed % 2 == 0 ? uniform({outputs}, ++seed) : at::Tensor()};
          const auto picture = uniform({inputs, height, width}, ++seed);
          const auto in = side == 3 ? bordered(picture) : map_of(picture);
          const auto out = take_map<float>(workspace_, height, width, outputs);
          const FloatConvolution layer(convolution, Activation::kRelu6, kernels());
          layer.run(in, out, pool_);
          ASSERT_TRUE(at::allclose(picture_of(out), convolved(picture, convolution).clamp(0, 6),
                                   1e-4, 1e-4))
              << side << ", " << outputs << " outputs, " << inputs << " inputs, " << width << "x"
              << height;
        }
}

TEST_P(FloatLayers, ConvolutionAddsPixelsAndBlocksBeforeItsActivation) {
  const Convolution convolution = {uniform({24, 12, 3, 3}, 1), uniform({24}, 2)};
  const auto picture = uniform({12, 6, 10}, 3), pixels = uniform({24, 6, 10}, 4);
  const FloatConvolution layer(convolution, Activation::kRelu, kernels());
  const auto out = take_map<float>(workspace_, 6, 10, 24);
  const auto sums = convolved(picture, convolution);
  layer.run(bordered(picture), out, pool_, AddedMap<float>::pixels(bordered(pixels)));
  EXPECT_TRUE(at::allclose(picture_of(out), (sums + pixels).clamp_min(0), 1e-4, 1e-4));

  const auto blocks = uniform({4 * 24, 3, 5}, 5);  // (row, column, output)
  layer.run(bordered(picture), out, pool_, AddedMap<float>::blocks(map_of(blocks)));
  const auto shuffled = blocks.view({2, 2, 24, 3, 5}).permute({2, 3, 0, 4, 1}).reshape({24, 6, 10});
  EXPECT_TRUE(at::allclose(picture_of(out), (sums + shuffled).clamp_min(0), 1e-4, 1e-4));
}

TEST_P(FloatLayers, ConvolutionTakesAnotherBiasForOneCall) {
  const Convolution convolution = {uniform({20, 8, 1, 1}, 1), uniform({20}, 2)};
  const auto picture = uniform({8, 3, 4}, 3), bias = uniform({20}, 4);
  const FloatConvolution layer(convolution, Activation::kNone, kernels());
  std::vector<float> columns(layer.columns(), 0.0f);
  std::copy_n(bias.data_ptr<float>(), 20, columns.begin());
  const auto out = take_map<float>(workspace_, 3, 4, 20);
  layer.run(map_of(picture), out, pool_, {}, columns.data());
  EXPECT_TRUE(
      at::allclose(picture_of(out), convolved(picture, {convolution.weight, bias}), 1e-4, 1e-4));
}

TEST_P(FloatLayers, DepthwiseIsLibTorchsAtEverySize) {
  constexpr int64_t kChannels = 48;
  uint64_t seed = 1;
  for (const int64_t side : {3, 5})
    for (const int64_t stride : {1, 2})
      for (const int64_t height : {2, 4, 10})
        for (const int64_t width : {2, 4, 8, 14, 24}) {
          workspace_.give_back();
          const Convolution convolution = {uniform({kChannels, 1, side, side}, ++seed),
                                           uniform({kChannels}, ++seed)};
          const auto picture = uniform({kChannels, height, width}, ++seed) * 4;
          const int64_t before = (side - stride) / 2, after = side - stride - before;
          const auto padded =
              at::constant_pad_nd(picture.unsqueeze(0), {before, after, before, after});
          const auto expected = at::conv2d(padded, convolution.weight, convolution.bias, stride,
                                           at::IntArrayRef{0, 0}, 1, kChannels)
                                    .clamp(0, 6)
                                    .squeeze(0);
          const auto out = take_map<float>(workspace_, height / stride, width / stride, kChannels);
          FloatDepthwise(convolution, stride, kernels()).run(map_of(picture), out, pool_);
          ASSERT_TRUE(at::allclose(picture_of(out), expected, 1e-4, 1e-4))
              << side << ", stride " << stride << ", " << width << "x" << height;
        }
}

TEST_P(FloatLayers, StemIsLibTorchsBesideZeros) {
  const Convolution convolution = {uniform({32, 1, 3, 3}, 1), uniform({32}, 2)};
  const auto picture = at::constant_pad_nd(uniform({1, 12, 20}, 3), {0, 1, 0, 1});
  const auto out = take_map<float>(workspace_, 6, 10, 32);
  FloatStem(convolution, kernels()).run(map_of(picture), out, pool_);
  const auto expected =
      at::conv2d(picture.unsqueeze(0), convolution.weight, convolution.bias, 2).clamp(0, 6);
  EXPECT_TRUE(at::allclose(picture_of(out), expected.squeeze(0), 1e-4, 1e-4));
}

TEST_P(FloatLayers, ChromaIsHalfTheTanhOfLibTorchsConvolution) {
  for (const int64_t inputs : {5, 16, 48})
    for (const int64_t width : {1, 2, 3, 7, 8, 20}) {
      workspace_.give_back();
      const Convolution convolution = {uniform({2, inputs, 3, 3}, inputs), uniform({2}, width)};
      const auto picture = uniform({inputs, 5, width}, 3);
      const auto chroma = at::full({2, 5, width}, 99.0f);
      ChromaLayer(convolution, kernels()).run(map_of(picture), chroma.data_ptr<float>(), pool_);
      ASSERT_TRUE(at::allclose(chroma, at::tanh(convolved(picture, convolution)) * 0.5, 1e-5, 1e-5))
          << inputs << " inputs, " << width << " wide";
    }
}

TEST_P(FloatLayers, ChromaReachesItsEndsAndNoFarther) {
  const auto picture = at::full({16, 1, 4}, 1.0f);
  for (const double weight : {1e-6, 0.01, 1.0, -1.0, 1e6}) {
    const Convolution convolution = {at::full({2, 16, 3, 3}, weight), at::Tensor()};
    const auto chroma = at::empty({2, 1, 4});
    ChromaLayer(convolution, kernels()).run(map_of(picture), chroma.data_ptr<float>(), pool_);
    EXPECT_TRUE(at::allclose(chroma, at::tanh(convolved(picture, convolution)) * 0.5, 1e-5, 1e-7));
    EXPECT_LE(chroma.abs().max().item<float>(), 0.5f);
  }
}

TEST(Kernels, RefuseAProcessorThatDoesNotRunThem) {
  for (const auto set : {InstructionSet::kAvx2, InstructionSet::kAvxVnni, InstructionSet::kAvx512,
                         InstructionSet::kAvx512Vnni}) {
    if (runs_here(set)) continue;
    EXPECT_THROW(kernels_of(set), std::invalid_argument);
  }
  EXPECT_EQ(kernels_of(InstructionSet::kBaseline).set, InstructionSet::kBaseline);
  EXPECT_TRUE(runs_here(best_instruction_set()));
}

}  // namespace
}  // namespace cgan
