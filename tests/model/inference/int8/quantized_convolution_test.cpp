#include "model/inference/int8/quantized_convolution.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <vector>

#include "model/inference/int8/quantized_engine.h"
#include "tests/model/random_tensors.h"

namespace cgan {
namespace {

class QuantizedConvolutionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!int8_obstacle().empty()) GTEST_SKIP() << "int8 does not run here: " << int8_obstacle();
  }
};

// Weights round to 1/254 of their largest, outputs to 1/510 of their range.
void expect_close(const at::Tensor& result, const at::Tensor& expected, double range) {
  ASSERT_EQ(result.sizes(), expected.sizes());
  EXPECT_TRUE(result.is_contiguous(c10::MemoryFormat::ChannelsLast));
  const auto difference = (result.dequantize() - expected).abs();
  EXPECT_LT(difference.max().item<double>(), 0.02 * range);
  EXPECT_LT(difference.mean().item<double>(), 0.004 * range);
}

TEST_F(QuantizedConvolutionTest, EqualsTheConvolutionOfTheNumbersUpToRounding) {
  struct Case {
    int64_t inputs, outputs, kernel, stride, padding, groups;
  };
  for (const auto& c : {Case{17, 32, 1, 1, 0, 1}, Case{16, 9, 3, 1, 1, 1}, Case{1, 32, 4, 2, 1, 1},
                        Case{96, 96, 4, 2, 1, 96}, Case{40, 40, 6, 2, 2, 40},
                        Case{48, 48, 5, 1, 2, 48}, Case{8, 7, 3, 1, 1, 1}}) {
    const auto input = uniform_bytes({2, c.inputs, 12, 16}, 1, {-1, 1});
    const Convolution convolution = {
        uniform({c.outputs, c.inputs / c.groups, c.kernel, c.kernel}, 2), uniform({c.outputs}, 3)};
    const auto expected = at::conv2d(input.dequantize(), convolution.weight, convolution.bias,
                                     c.stride, c.padding, 1, c.groups);
    const float low = expected.min().item<float>(), high = expected.max().item<float>();
    QuantizedConvolution quantized(convolution, {low, high}, c.stride, c.padding, c.groups);
    expect_close(quantized(input), expected, high - low);
  }
}

TEST_F(QuantizedConvolutionTest, RangeFromZeroIsReluAndItsEndClips) {
  const auto input = uniform_bytes({1, 16, 8, 8}, 1, {-1, 1});
  const Convolution convolution = {uniform({32, 16, 1, 1}, 2), {}};
  const auto expected = at::conv2d(input.dequantize(), convolution.weight).clamp(0, 1.5);
  QuantizedConvolution quantized(convolution, {0, 1.5});
  expect_close(quantized(input), expected, 3);
  EXPECT_EQ(quantized(input).dequantize().max().item<float>(), 1.5F);
  EXPECT_EQ(quantized(input).dequantize().min().item<float>(), 0.F);
}

TEST_F(QuantizedConvolutionTest, OutputWhoseWeightsAreZeroIsItsBias) {
  const Convolution convolution = {at::zeros({4, 3, 1, 1}), at::full({4}, 0.5)};
  QuantizedConvolution quantized(convolution, {0, 1});
  const auto result = quantized(uniform_bytes({1, 3, 4, 4}, 1, {-1, 1})).dequantize();
  EXPECT_LT((result - 0.5).abs().max().item<double>(), 0.003);
}

TEST_F(QuantizedConvolutionTest, GivesTheSameForEverySizeBatchAndNumberOfThreads) {
  const Convolution convolution = {uniform({24, 16, 3, 3}, 2), uniform({24}, 3)};
  QuantizedConvolution quantized(convolution, {-4, 4}, 1, 1);
  const int threads = at::get_num_threads();
  const auto small = uniform_bytes({3, 16, 8, 8}, 1, {-1, 1});
  const auto first = quantized(small).int_repr();
  quantized(uniform_bytes({1, 16, 32, 64}, 4, {-1, 1}));
  EXPECT_TRUE(at::equal(
      quantized(small.narrow(0, 1, 1).contiguous(c10::MemoryFormat::ChannelsLast)).int_repr(),
      first.narrow(0, 1, 1)));
  at::set_num_threads(2);
  EXPECT_TRUE(at::equal(quantized(small).int_repr(), first));
  at::set_num_threads(threads);
}

TEST_F(QuantizedConvolutionTest, LeavesTheProcessesEngineAsItWas) {
  const auto before = at::globalContext().qEngine();
  for (const auto engine : at::globalContext().supportedQEngines()) {
    if (engine == at::kNoQEngine) continue;
    at::globalContext().setQEngine(engine);
    const Convolution convolution = {uniform({4, 8, 1, 1}, 2), {}};
    QuantizedConvolution quantized(convolution, {-4, 4});
    quantized(uniform_bytes({1, 8, 4, 4}, 1, {-1, 1}));
    EXPECT_EQ(at::globalContext().qEngine(), engine);
  }
  at::globalContext().setQEngine(before);
}

}  // namespace
}  // namespace cgan
