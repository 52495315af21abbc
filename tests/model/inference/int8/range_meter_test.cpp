#include "model/inference/int8/range_meter.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <cmath>

namespace cgan {
namespace {

at::Tensor as_pictures(const at::Tensor& values) {
  return values.view({1, 1, 1, -1});
}

double rounding_error(const at::Tensor& values, float low, float high) {
  const double step = (static_cast<double>(high) - low) / 255;
  const auto inside = values.clamp(low, high);
  return ((inside / step).round() * step - values).pow(2).sum().item<double>();
}

TEST(RangeMeter, UniformValuesKeepTheirWholeRange) {
  RangeMeter meter;
  meter.add(as_pictures(at::rand({10000}, at::detail::createCPUGenerator(1)) * 5 - 1));
  EXPECT_NEAR(meter.range().low, -1, 0.05);
  EXPECT_NEAR(meter.range().high, 4, 0.05);
}

TEST(RangeMeter, OneSidedValuesBeginAtZero) {
  RangeMeter meter;
  meter.add(as_pictures(at::rand({10000}, at::detail::createCPUGenerator(1)).mul(3)));
  EXPECT_EQ(meter.range().low, 0);
  EXPECT_FALSE(std::signbit(meter.range().low));
  EXPECT_NEAR(meter.range().high, 3, 0.05);
}

TEST(RangeMeter, FewFarValuesAreClippedWhereThatLosesLess) {
  const auto values = at::randn({2000000}, at::detail::createCPUGenerator(1));
  values[0] = 40;
  RangeMeter meter;
  meter.add(as_pictures(values));
  const auto range = meter.range();
  EXPECT_LT(range.high, 30);
  EXPECT_GT(range.high, 3);
  const double error = rounding_error(values, range.low, range.high);
  EXPECT_LT(error, 0.6 * rounding_error(values, -5, 40));
  for (const float factor : {0.7F, 1.4F})
    EXPECT_LT(error, 1.02 * rounding_error(values, factor * range.low, factor * range.high));
}

TEST(RangeMeter, OrderAndPartsOfTheValuesDoNotMatterMuch) {
  const auto values = at::randn({4, 3, 10, 10}, at::detail::createCPUGenerator(2));
  RangeMeter whole, growing;
  whole.add(values);
  for (int64_t i = 0; i < 4; ++i) growing.add(values.narrow(0, i, 1) * (i == 0 ? 0.01 : 1));
  EXPECT_NEAR(growing.range().high, whole.range().high, 0.3);
  EXPECT_NEAR(growing.range().low, whole.range().low, 0.3);
}

TEST(RangeMeter, ZerosAndWhatIsNotANumberDoNotCount) {
  RangeMeter nothing;
  nothing.add(at::zeros({1, 2, 3, 4}));
  EXPECT_EQ(nothing.range().low, 0);
  EXPECT_EQ(nothing.range().high, 1);
  RangeMeter meter;
  meter.add(as_pictures(at::tensor({0.F, 2.F, INFINITY, NAN, -1.F})));
  EXPECT_NEAR(meter.range().low, -1, 0.1);
  EXPECT_NEAR(meter.range().high, 2, 0.1);
}

}  // namespace
}  // namespace cgan
