#include "model/inference/frozen_convolution.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/model/random_tensors.h"

namespace cgan {
namespace {

at::Tensor activated(const at::Tensor& x, Activation activation) {
  if (activation == Activation::kNone) return x;
  return activation == Activation::kRelu ? x.relu() : x.clamp(0, 6);
}

// Each of the kernels and LibTorch's, for two pictures, channels_last and not.
TEST(FrozenConvolution, IsTheConvolutionInWhateverKernel) {
  struct Case {
    int64_t inputs, outputs, kernel, groups;
  };
  for (const auto& c : {Case{24, 40, 1, 1}, Case{32, 32, 5, 32}, Case{32, 2, 3, 1},
                        Case{20, 2, 3, 1}, Case{16, 3, 3, 1}})
    for (const auto activation : {Activation::kNone, Activation::kRelu, Activation::kRelu6})
      for (const bool has_bias : {false, true}) {
        const Convolution convolution = {
            uniform({c.outputs, c.inputs / c.groups, c.kernel, c.kernel}, 1),
            has_bias ? uniform({c.outputs}, 2) : at::Tensor()};
        const auto input = uniform({2, c.inputs, 6, 14}, 3);
        const int64_t padding = c.kernel / 2, stride = 1, dilation = 1;
        const auto expected = activated(at::conv2d(input, convolution.weight, convolution.bias,
                                                   stride, padding, dilation, c.groups),
                                        activation);
        const FrozenConvolution frozen(convolution, activation, stride, c.groups);
        for (const auto& given : {input, input.contiguous(c10::MemoryFormat::ChannelsLast)}) {
          const auto result = frozen(given);
          ASSERT_EQ(result.sizes(), expected.sizes());
          ASSERT_TRUE(at::allclose(result, expected, 1e-4, 1e-4))
              << c.inputs << " inputs, " << c.outputs << " outputs, " << c.kernel << "x"
              << c.kernel;
        }
      }
}

}  // namespace
}  // namespace cgan
