#include "model/inference/int8/byte_convolution.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <vector>

#include "model/inference/int8/byte_layers.h"
#include "model/inference/int8/quantized_engine.h"
#include "tests/model/random_tensors.h"

namespace cgan {
namespace {

constexpr ActivationRange kRelu6 = {0, 6};

at::Tensor bytes(const std::vector<int64_t>& sizes, uint64_t seed,
                 const ActivationRange& range = kRelu6) {
  return uniform_bytes(sizes, seed, range);
}

constexpr int64_t kNoPadding = 0;

at::Tensor convolved(const at::Tensor& input, const Convolution& convolution, int64_t stride) {
  const int64_t kernel = convolution.weight.size(2);
  const int64_t before = stride == 1 ? kernel / 2 : (kernel - 2) / 2;
  const int64_t after = kernel - stride - before;
  return at::conv2d(at::constant_pad_nd(input.dequantize(), {before, after, before, after}),
                    convolution.weight, convolution.bias, stride, kNoPadding, 1, input.size(1));
}

Convolution random_convolution(int64_t channels, int64_t kernel) {
  return {uniform({channels, 1, kernel, kernel}, 2), uniform({channels}, 3)};
}

class ByteConvolutionTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!int8_obstacle().empty()) GTEST_SKIP() << "int8 does not run here: " << int8_obstacle();
    if (GetParam() && !byte_kernels_run_here())
      GTEST_SKIP() << "this processor has no AVX-512 VNNI";
  }
};

INSTANTIATE_TEST_SUITE_P(Kernel, ByteConvolutionTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Own" : "OneDnn"; });

TEST_P(ByteConvolutionTest, DepthwiseIsTheConvolutionAtEverySizeUpToRounding) {
  for (const int64_t kernel : {3, 5})
    for (const int64_t stride : {1, 2})
      for (const int64_t channels : {16, 32, 48, 96, 144})
        for (const auto& [height, width] : std::vector<std::pair<int64_t, int64_t>>{
                 {2, 2}, {4, 6}, {6, 8}, {8, 18}, {10, 24}, {2, 32}}) {
          const auto input = bytes({2, channels, height, width}, 1);
          const auto convolution = random_convolution(channels, kernel);
          const auto expected = convolved(input, convolution, stride).clamp(0, 12);
          ByteConvolution depthwise(convolution, {0, 12}, stride, channels, GetParam());
          const auto result = depthwise(input);
          ASSERT_EQ(result.sizes(), expected.sizes());
          ASSERT_TRUE(result.is_contiguous(c10::MemoryFormat::ChannelsLast));
          // Half a code, and what eight bits make of oneDNN's weights.
          const bool is_own = GetParam() && channels >= ByteDepthwiseKernel::kLeastChannels;
          const double tolerance = (is_own ? 0.51 : 5) * 12 / 255;
          ASSERT_LT((result.dequantize() - expected).abs().max().item<double>(), tolerance)
              << kernel << "x" << kernel << ", stride " << stride << ", " << channels
              << " channels, " << width << "x" << height;
        }
}

Convolution random_matrix(int64_t outputs, int64_t inputs) {
  return {uniform({outputs, inputs, 1, 1}, 2), uniform({outputs}, 3)};
}

// Its weights rounded to eight bits as they are for the kernels: what is left is the output's
// rounding.
Convolution rounded(const Convolution& convolution) {
  const auto scale = convolution.weight.abs().amax({1, 2, 3}, true) / 127;
  return {(convolution.weight / scale).round() * scale, convolution.bias};
}

TEST_P(ByteConvolutionTest, PointwiseIsTheMatrixProductAtEverySize) {
  for (const int64_t outputs : {1, 16, 24, 32, 40, 64, 88, 120, 208})
    for (const int64_t inputs : {1, 4, 16, 17, 30, 96, 208})
      for (const auto& [height, width] :
           std::vector<std::pair<int64_t, int64_t>>{{1, 1}, {1, 5}, {2, 3}, {6, 11}, {31, 35}}) {
        const auto input = bytes({2, inputs, height, width}, 1, {-2, 4});
        const auto convolution = rounded(random_matrix(outputs, inputs));
        const auto exact = at::conv2d(input.dequantize(), convolution.weight, convolution.bias);
        const auto limit = exact.abs().max().item<float>() * 0.8F;
        ByteConvolution pointwise(convolution, {-limit, limit}, 1, 1, GetParam());
        const auto result = pointwise(input);
        ASSERT_TRUE(result.is_contiguous(c10::MemoryFormat::ChannelsLast) || outputs == 1);
        const auto expected = exact.clamp(-limit, limit);
        ASSERT_EQ(result.sizes(), expected.sizes());
        ASSERT_LT((result.dequantize() - expected).abs().max().item<double>(), 1.02 * limit / 255)
            << outputs << " outputs, " << inputs << " inputs, " << width << "x" << height;
      }
}

TEST_P(ByteConvolutionTest, SumIsThatOfTheNumbers) {
  for (const int64_t outputs : {24, 64, 88}) {
    const auto input = bytes({2, 48, 6, 10}, 1), b = bytes({2, outputs, 6, 10}, 4, {-3, 5});
    const auto convolution = rounded(random_matrix(outputs, 48));
    const auto exact = at::conv2d(input.dequantize(), convolution.weight, convolution.bias);
    const auto limit = exact.abs().max().item<float>();
    ByteConvolution pointwise(convolution, {-limit, limit}, 1, 1, GetParam());
    const auto expected = (exact + b.dequantize()).clamp(0, limit);
    const auto result = pointwise.sum_with(input, b, Rounding({0, limit}));
    // LibTorch's is rounded before the sum, too, and there in a range twice as wide.
    ASSERT_LT((result.dequantize() - expected).abs().max().item<double>(),
              (GetParam() ? 0.51 : 1.6) * limit / 255);
  }
}

TEST_P(ByteConvolutionTest, SumWithBlocksIsThatOfTheNumbersInTheirPlaces) {
  for (const int64_t outputs : {24, 64}) {
    const auto input = bytes({2, 17, 6, 10}, 1);
    const auto blocks = bytes({2, 4 * outputs, 3, 5}, 4, {-3, 5});
    const auto convolution = rounded(random_matrix(outputs, 17));
    const auto exact = at::conv2d(input.dequantize(), convolution.weight, convolution.bias);
    const auto limit = exact.abs().max().item<float>();
    ByteConvolution pointwise(convolution, {-limit, limit}, 1, 1, GetParam());
    const auto shuffled = blocks.dequantize()
                              .view({2, 2, 2, outputs, 3, 5})
                              .permute({0, 3, 4, 1, 5, 2})
                              .reshape({2, outputs, 6, 10});
    const auto expected = (exact + shuffled).clamp(0, limit);
    const auto result = pointwise.sum_with_blocks(input, blocks, Rounding({0, limit}));
    ASSERT_LT((result.dequantize() - expected).abs().max().item<double>(),
              (GetParam() ? 0.51 : 1.6) * limit / 255);
  }
}

TEST_P(ByteConvolutionTest, OutputMayBeginBelowZero) {
  const auto input = bytes({1, 32, 6, 6}, 1);
  const auto convolution = random_convolution(32, 3);
  const auto expected = convolved(input, convolution, 1).clamp(-20, 20);
  ByteConvolution depthwise(convolution, {-20, 20}, 1, 32, GetParam());
  EXPECT_LT((depthwise(input).dequantize() - expected).abs().max().item<double>(), 0.3);
}

TEST_P(ByteConvolutionTest, OutOfRangeIsClippedHoweverFar) {
  const auto input = bytes({1, 32, 4, 4}, 1);
  for (const double weight : {1e6, -1e6}) {
    ByteConvolution depthwise({at::full({32, 1, 3, 3}, weight), {}}, {0, 1}, 1, 32, GetParam());
    const auto codes = depthwise(input).int_repr();
    EXPECT_EQ(codes.min().item<int>(), weight > 0 ? 255 : 0);
    EXPECT_EQ(codes.max().item<int>(), weight > 0 ? 255 : 0);
  }
}

TEST_P(ByteConvolutionTest, ChannelWhoseWeightsAreZeroIsItsBias) {
  ByteConvolution depthwise({at::zeros({32, 1, 3, 3}), at::full({32}, 0.5)}, {0, 1}, 1, 32,
                            GetParam());
  const auto result = depthwise(bytes({1, 32, 4, 4}, 1)).dequantize();
  EXPECT_LT((result - 0.5).abs().max().item<double>(), 0.003);
}

TEST_P(ByteConvolutionTest, PointwiseGivesTheSameForEveryNumberOfThreads) {
  const int threads = at::get_num_threads();
  for (const int64_t width : {5, 64}) {
    ByteConvolution pointwise(random_matrix(528, 88), {-20, 20}, 1, 1, GetParam());
    const auto input = bytes({1, 88, 33, width}, 1);
    at::set_num_threads(1);
    const auto first = pointwise(input).int_repr();
    at::set_num_threads(2);
    EXPECT_TRUE(at::equal(pointwise(input).int_repr(), first));
  }
  at::set_num_threads(threads);
}

// OneDNN's keeps that of its first one, and in a network there is no other.
TEST(ByteConvolution, OwnKernelFollowsTheRoundingOfItsInput) {
  if (!byte_kernels_run_here()) GTEST_SKIP() << "this processor has no AVX-512 VNNI";
  const auto convolution = rounded(random_matrix(16, 16));
  ByteConvolution pointwise(convolution, {-40, 40});
  for (const ActivationRange& range : {ActivationRange{0, 6}, {-1, 1}, {-4, 3}}) {
    const auto input = bytes({1, 16, 4, 4}, 1, range);
    const auto expected = at::conv2d(input.dequantize(), convolution.weight, convolution.bias);
    EXPECT_LT((pointwise(input).dequantize() - expected).abs().max().item<double>(), 0.16);
  }
}

TEST_P(ByteConvolutionTest, RefusesWhatDoesNotFit) {
  ByteConvolution pointwise(random_matrix(16, 8), {-40, 40}, 1, 1, GetParam());
  EXPECT_THROW(pointwise(bytes({1, 9, 4, 4}, 1)), c10::Error);
  EXPECT_THROW(pointwise(bytes({1, 8, 4, 4}, 1).contiguous()), c10::Error);
  const auto fitting = bytes({1, 8, 4, 4}, 1);
  EXPECT_THROW(pointwise.sum_with(fitting, bytes({1, 16, 4, 2}, 1), Rounding({0, 1})), c10::Error);
  ByteConvolution depthwise(random_convolution(32, 3), {0, 12}, 1, 32, GetParam());
  EXPECT_THROW(depthwise(bytes({1, 32, 4, 4}, 1, {-1, 1})), c10::Error);
}

TEST_P(ByteConvolutionTest, DepthwiseGivesTheSameForEverySizeBatchAndNumberOfThreads) {
  ByteConvolution depthwise(random_convolution(96, 5), {0, 12}, 1, 96, GetParam());
  const auto input = bytes({3, 96, 24, 40}, 1);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const auto first = depthwise(input).int_repr();
  depthwise(bytes({1, 96, 8, 4}, 4));
  EXPECT_TRUE(at::equal(
      depthwise(input.narrow(0, 1, 1).contiguous(c10::MemoryFormat::ChannelsLast)).int_repr(),
      first.narrow(0, 1, 1)));
  at::set_num_threads(2);
  EXPECT_TRUE(at::equal(depthwise(input).int_repr(), first));
  at::set_num_threads(threads);
}

}  // namespace
}  // namespace cgan
