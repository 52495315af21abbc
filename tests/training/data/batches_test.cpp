#include "training/data/batches.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "../pictures.h"

namespace cgan::testing {
namespace {

/// One picture of 3 rows and 4 columns in which each pixel is its own number.
class Counting : public FormulaPictures {
 public:
  Counting(int64_t height, int64_t width) : FormulaPictures(1, 1), height_(height), width_(width) {
    for (int64_t i = 0; i < height * width; ++i)
      for (int c = 0; c < 3; ++c) numbers_.push_back(static_cast<uint8_t>(i));
  }
  PictureView picture(int64_t) const override { return {numbers_.data(), height_, width_}; }

 private:
  int64_t height_, width_;
  std::vector<uint8_t> numbers_;
};

/// The red numbers of the only picture of a batch.
std::vector<int> numbers(const Batch& batch) {
  const auto red = batch.colour[0][0].add(1).mul(127.5).round().to(at::kInt).contiguous();
  return {red.data_ptr<int>(), red.data_ptr<int>() + red.numel()};
}

TEST(EpochOrder, VisitsEveryPictureOnceInAnOrderOfItsEpoch) {
  auto order = epoch_order(1, 0, 1000);
  EXPECT_EQ(order, epoch_order(1, 0, 1000));
  EXPECT_NE(order, epoch_order(1, 1, 1000));
  EXPECT_NE(order, epoch_order(2, 0, 1000));
  std::sort(order.begin(), order.end());
  std::vector<int64_t> all(1000);
  std::iota(all.begin(), all.end(), int64_t{0});
  EXPECT_EQ(order, all);
}

TEST(MakeBatch, GivesGrayAndColourInMinusOneToOne) {
  const FormulaPictures data(2, 32);
  const auto batch = make_batch(data, {0, 1}, 32, {}, 1, 0);
  EXPECT_EQ(batch.gray.sizes(), (std::vector<int64_t>{2, 1, 32, 32}));
  EXPECT_EQ(batch.colour.sizes(), (std::vector<int64_t>{2, 3, 32, 32}));
  EXPECT_TRUE(batch.colour.is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_EQ(batch.labels[1].item<int64_t>(), 1);
  const auto* rgb = data.picture(1).rgb;
  EXPECT_NEAR(batch.colour[1][2][0][0].item<float>(), rgb[2] / 127.5 - 1, 1e-6);
  const double luma = (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) / 127.5 - 1;
  EXPECT_NEAR(batch.gray[1][0][0][0].item<float>(), luma, 1e-6);
}

TEST(MakeBatch, TakesTheMiddleOfALargerPicture) {
  EXPECT_EQ(numbers(make_batch(Counting(3, 4), {0}, 2, {}, 1, 0)), (std::vector<int>{1, 2, 5, 6}));
}

TEST(MakeBatch, MirrorsAboutHalfOfThePictures) {
  const Counting data(2, 2);
  int mirrored = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const auto seen = numbers(make_batch(data, {0}, 2, {true, 0, false}, seed, 0));
    if (seen == std::vector<int>{1, 0, 3, 2})
      ++mirrored;
    else
      ASSERT_EQ(seen, (std::vector<int>{0, 1, 2, 3}));
  }
  EXPECT_GT(mirrored, 70);
  EXPECT_LT(mirrored, 130);
}

TEST(MakeBatch, ReflectsTheBorderWhenShifted) {
  std::vector<std::vector<int>> seen;
  for (uint64_t seed = 0; seed < 50; ++seed)
    seen.push_back(numbers(make_batch(Counting(4, 4), {0}, 4, {false, 1, false}, seed, 0)));
  const std::vector<int> left_up = {5, 4, 5, 6, 1, 0, 1, 2, 5, 4, 5, 6, 9, 8, 9, 10};
  EXPECT_NE(std::find(seen.begin(), seen.end(), left_up), seen.end());
}

TEST(MakeBatch, CropsEveryPlaceOfALargerPicture) {
  std::vector<int> corners;
  for (uint64_t seed = 0; seed < 100; ++seed)
    corners.push_back(numbers(make_batch(Counting(3, 4), {0}, 2, {false, 0, true}, seed, 0))[0]);
  std::sort(corners.begin(), corners.end());
  corners.erase(std::unique(corners.begin(), corners.end()), corners.end());
  EXPECT_EQ(corners, (std::vector<int>{0, 1, 2, 4, 5, 6}));
}

TEST(MakeBatch, GivesWorkersTheBatchThatOneCallerWouldMake) {
  const FormulaPictures data(8, 32);
  const Augmentation all{true, 2, true};
  const auto whole = make_batch(data, {3, 1, 4, 5}, 32, all, 7, 0);
  const auto second = make_batch(data, {4, 5}, 32, all, 7, 2);
  EXPECT_TRUE(at::equal(whole.colour.narrow(0, 2, 2), second.colour));
}

TEST(MakeBatch, RefusesAPictureSmallerThanATile) {
  EXPECT_THROW(make_batch(FormulaPictures(1, 16), {0}, 32, {}, 1, 0), std::invalid_argument);
}

}  // namespace
}  // namespace cgan::testing
