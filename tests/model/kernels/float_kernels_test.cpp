#include "model/kernels/float_kernels.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

namespace cgan::testing {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr Clip kNone = {-kInfinity, kInfinity}, kRelu6 = {0, 6};

at::Tensor noise(at::IntArrayRef sizes) {
  return at::randn(sizes);
}

class FloatKernels : public ::testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override {
    at::manual_seed(7);
    if (GetParam() > vector_lanes()) GTEST_SKIP() << "this processor has no such vectors";
  }
};

INSTANTIATE_TEST_SUITE_P(Lanes, FloatKernels, ::testing::Values(4, 8, 16),
                         ::testing::PrintToStringParamName());

TEST_P(FloatKernels, PointwiseIsAMatrixProductAtEverySize) {
  for (const int64_t outputs : {1, 7, 8, 16, 24, 33, 40, 100})
    for (const int64_t inputs : {1, 3, 17, 64})
      for (const int64_t pixels : {1, 5, 12, 35, 48, 131}) {
        const auto in = noise({pixels, inputs}), weight = noise({outputs, inputs});
        const auto bias = noise({outputs});
        const auto expected = at::matmul(in, weight.t());
        const auto out = at::empty({pixels, outputs});
        const PointwiseKernel with_bias(weight.data_ptr<float>(), bias.data_ptr<float>(), outputs,
                                        inputs, GetParam());
        with_bias.run(in.data_ptr<float>(), pixels, kRelu6, out.data_ptr<float>());
        ASSERT_TRUE(at::allclose(out, (expected + bias).clamp(0, 6), 1e-4, 1e-4))
            << outputs << " outputs, " << inputs << " inputs, " << pixels << " pixels";
        const PointwiseKernel bare(weight.data_ptr<float>(), nullptr, outputs, inputs, GetParam());
        bare.run(in.data_ptr<float>(), pixels, kNone, out.data_ptr<float>());
        ASSERT_TRUE(at::allclose(out, expected, 1e-4, 1e-4))
            << outputs << " outputs, " << inputs << " inputs, " << pixels << " pixels, no bias";
      }
}

TEST_P(FloatKernels, DepthwiseIsTheConvolutionAtEverySize) {
  constexpr int64_t kNoPadding = 0;
  constexpr int64_t kChannels = 2 * DepthwiseKernel::kChannelMultiple;
  for (const int64_t kernel : {3, 5})
    for (const int64_t stride : {1, 2})
      for (const int64_t height : {2, 4, 6, 10})
        for (const int64_t width : {2, 4, 8, 14}) {
          const auto in = noise({height, width, kChannels});
          const auto weight = noise({kChannels, 1, kernel, kernel}), bias = noise({kChannels});
          const int64_t before = stride == 1 ? kernel / 2 : (kernel - 2) / 2;
          const int64_t after = kernel - stride - before;
          const auto padded = at::constant_pad_nd(in.permute({2, 0, 1}).unsqueeze(0),
                                                  {before, after, before, after});
          const auto expected = at::conv2d(padded, weight, bias, stride, kNoPadding, 1, kChannels)
                                    .clamp(0, 6)
                                    .squeeze(0)
                                    .permute({1, 2, 0});
          const auto out = at::full({height / stride, width / stride, kChannels}, 99.f);
          const DepthwiseKernel depthwise(weight.data_ptr<float>(), bias.data_ptr<float>(),
                                          kChannels, kernel, stride, GetParam());
          depthwise.run(in.data_ptr<float>(), height, width, kRelu6, out.data_ptr<float>());
          ASSERT_TRUE(at::allclose(out, expected, 1e-4, 1e-4))
              << kernel << "x" << kernel << ", stride " << stride << ", " << width << "x" << height;
        }
}

TEST_P(FloatKernels, ChromaIsTheConvolutionAtEverySize) {
  for (const int64_t inputs : {16, 32, 48})
    for (const int64_t height : {1, 2, 5})
      for (const int64_t width : {1, 2, 3, 7, 8, 9, 20}) {
        const auto in = noise({height, width, inputs});
        const auto weight = noise({2, inputs, 3, 3}), bias = noise({2});
        const auto picture = in.permute({2, 0, 1}).unsqueeze(0);
        const auto expected =
            at::conv2d(picture, weight, at::Tensor(), 1, 1).squeeze(0).permute({1, 2, 0});
        const auto out = at::full({height, width, 2}, 99.f);
        const ChromaKernel with_bias(weight.data_ptr<float>(), bias.data_ptr<float>(), inputs,
                                     GetParam());
        with_bias.run(in.data_ptr<float>(), height, width, out.data_ptr<float>());
        ASSERT_TRUE(at::allclose(out, expected + bias, 1e-4, 1e-4))
            << inputs << " inputs, " << width << "x" << height;
        const ChromaKernel bare(weight.data_ptr<float>(), nullptr, inputs, GetParam());
        bare.run(in.data_ptr<float>(), height, width, out.data_ptr<float>());
        ASSERT_TRUE(at::allclose(out, expected, 1e-4, 1e-4))
            << inputs << " inputs, " << width << "x" << height << ", no bias";
      }
}

}  // namespace
}  // namespace cgan::testing
