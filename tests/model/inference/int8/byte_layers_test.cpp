#include "model/inference/int8/byte_layers.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <vector>

namespace cgan {
namespace {

at::Tensor random_bytes(std::vector<int64_t> sizes, double scale, int64_t zero, uint64_t seed) {
  const auto numbers =
      (at::rand(sizes, at::detail::createCPUGenerator(seed)) * 255 - static_cast<double>(zero)) *
      scale;
  return at::quantize_per_tensor(numbers.contiguous(c10::MemoryFormat::ChannelsLast), scale, zero,
                                 c10::kQUInt8);
}

at::Tensor codes(const at::Tensor& bytes) {
  return bytes.int_repr().to(c10::kFloat);
}

at::Tensor rounded(const at::Tensor& numbers, const Rounding& rounding) {
  return (numbers / rounding.scale + static_cast<double>(rounding.zero)).round().clamp(0, 255);
}

// The fixed point of the sums errs by less than a tenth of a code: at most to the next one, seldom.
void expect_codes(const at::Tensor& result, const at::Tensor& expected, const Rounding& rounding) {
  EXPECT_DOUBLE_EQ(result.q_scale(), rounding.scale);
  EXPECT_EQ(result.q_zero_point(), rounding.zero);
  ASSERT_EQ(result.sizes(), expected.sizes());
  EXPECT_TRUE(result.is_contiguous(c10::MemoryFormat::ChannelsLast));
  const auto difference = (codes(result) - expected).abs();
  EXPECT_LE(difference.max().item<double>(), 1);
  EXPECT_LT(difference.mean().item<double>(), 0.05);
  ASSERT_GT(expected.std().item<double>(), 20);
}

TEST(Rounding, CoversItsRangeWithZeroOnACode) {
  const Rounding both({-1, 3}), positive({0, 5}), negative({-2, 0});
  EXPECT_DOUBLE_EQ(both.scale, 4.0 / 255);
  EXPECT_EQ(both.zero, 64);
  EXPECT_EQ(positive.zero, 0);
  EXPECT_EQ(negative.zero, 255);
}

TEST(ByteLayers, LumaBecomesItsCodesToTheNearest) {
  const auto expected = at::arange(1, 255, c10::kFloat).view({1, 1, 2, 127});
  for (const double off : {-0.4, 0.0, 0.4}) {
    const auto result = luma_bytes((expected + off) / 127.5 - 1);
    EXPECT_TRUE(at::equal(codes(result), expected)) << off;
    EXPECT_DOUBLE_EQ(result.q_scale(), 1.0 / 128);
    EXPECT_EQ(result.q_zero_point(), 127);
  }
  const auto outside = luma_bytes(at::tensor({-3.f, 3.f}).view({1, 1, 1, 2}));
  EXPECT_TRUE(at::equal(codes(outside).flatten(), at::tensor({0.f, 255.f})));
}

TEST(ByteLayers, LumaIsTheLastChannelAtHalfItsSize) {
  const auto bytes = random_bytes({2, 5, 4, 6}, 0.1, 90, 1);
  const auto luma = random_bytes({2, 1, 8, 12}, 1.0 / 128, 127, 2);
  const auto result = join_luma(bytes, luma);
  EXPECT_TRUE(at::equal(codes(result).narrow(1, 0, 5), codes(bytes)));
  const auto mean = (at::avg_pool2d(codes(luma), 2) + 0.5).floor();
  EXPECT_TRUE(at::equal(codes(result).narrow(1, 5, 1), mean));
  EXPECT_DOUBLE_EQ(result.q_scale(), 0.1);
  EXPECT_EQ(result.q_zero_point(), 90);
}

TEST(ByteLayers, SumIsThatOfTheNumbersRoundedAnew) {
  const auto a = random_bytes({2, 19, 12, 14}, 0.02, 130, 1);
  const auto b = random_bytes({2, 19, 12, 14}, 0.05, 7, 2);
  const auto numbers = a.dequantize() + b.dequantize();
  for (const Rounding rounding : {Rounding({-3, 13}), Rounding({0, 9})})
    expect_codes(sum(a, b, rounding), rounded(numbers, rounding), rounding);
}

TEST(ByteLayers, ShuffledSumPutsTheBlocksInTheirPlaces) {
  for (const int64_t channels : {3, 32}) {
    const auto blocks = random_bytes({2, 4 * channels, 6, 10}, 0.03, 120, 1);
    const auto b = random_bytes({2, channels, 12, 20}, 0.02, 100, 2);
    const auto places = blocks.dequantize().view({2, 2, 2, channels, 6, 10});
    const auto shuffled = places.permute({0, 3, 4, 1, 5, 2}).reshape({2, channels, 12, 20});
    const Rounding rounding({0, 4});
    expect_codes(shuffled_sum(blocks, b, rounding), rounded(shuffled + b.dequantize(), rounding),
                 rounding);
  }
}

TEST(ByteLayers, ShiftIsAddedToEveryPixelOfItsChannelAndPicture) {
  const auto bytes = random_bytes({2, 20, 5, 7}, 0.02, 128, 1);
  const auto shift = at::rand({2, 20}, at::detail::createCPUGenerator(2)) * 4 - 2;
  const Rounding rounding({0, 4});
  expect_codes(shifted(bytes, shift, rounding),
               rounded(bytes.dequantize() + shift.view({2, 20, 1, 1}), rounding), rounding);
}

TEST(ByteLayers, MeansAndNumbersAreThoseOfTheBytes) {
  const auto bytes = random_bytes({2, 20, 5, 7}, 0.02, 128, 1);
  EXPECT_TRUE(at::allclose(picture_means(bytes), bytes.dequantize().mean({2, 3}), 1e-5, 1e-5));
  EXPECT_TRUE(at::allclose(numbers(bytes), bytes.dequantize(), 1e-6, 1e-6));
  EXPECT_TRUE(numbers(bytes).is_contiguous(c10::MemoryFormat::ChannelsLast));
}

// A layer can be far wider than what follows it: coarse, but no overflow.
TEST(ByteLayers, SumsOfVeryDifferentRangesAreClipped) {
  const auto wide = random_bytes({1, 16, 8, 8}, 40, 128, 1);
  const auto result = codes(sum(wide, wide, Rounding({0, 1})));
  const auto numbers = wide.dequantize();
  EXPECT_TRUE(result.masked_select(numbers.le(0)).eq(0).all().item<bool>());
  EXPECT_TRUE(result.masked_select(numbers.ge(160)).eq(255).all().item<bool>());
}

}  // namespace
}  // namespace cgan
