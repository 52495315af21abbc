#include "training/data/batches.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "../pictures.h"
#include "training/data/random.h"

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

/// Square pictures of given pixels.
class Given : public FormulaPictures {
 public:
  Given(std::vector<uint8_t> pixels, int64_t side)
      : FormulaPictures(static_cast<int64_t>(pixels.size()) / (side * side * 3), 1),
        given_side_(side),
        given_(std::move(pixels)) {}
  PictureView picture(int64_t index) const override {
    return {given_.data() + index * given_side_ * given_side_ * 3, given_side_, given_side_};
  }

 private:
  int64_t given_side_;
  std::vector<uint8_t> given_;
};

/// Pictures whose every pixel is drawn for itself.
Given noise(int64_t count, int64_t side) {
  SplitMix64 random(11);
  std::vector<uint8_t> pixels(count * side * side * 3);
  for (auto& value : pixels) value = static_cast<uint8_t>(random.below(256));
  return {std::move(pixels), side};
}

/// Every change of the picture itself.
Augmentation all_changes() {
  Augmentation all;
  all.flip = true;
  all.shift = 2;
  all.crop = true;
  all.zoom = 1.25;
  return all;
}

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

TEST(MakeBatch, GivesWorkersTheFilmAndPairsThatOneCallerWouldMake) {
  const auto data = noise(16, 40);
  auto all = all_changes();
  all.old_film.strength = 1;
  all.pairs = 1;
  const auto indices = epoch_order(1, 0, 16);
  const auto whole = make_batch(data, indices, 32, all, 7, 0);
  const auto part = make_batch(data, {indices.begin() + 6, indices.end()}, 32, all, 7, 6);
  EXPECT_TRUE(at::equal(whole.input.narrow(0, 6, 10), part.input));
  EXPECT_TRUE(at::equal(whole.second.narrow(0, 6, 10), part.second));
  EXPECT_TRUE(at::equal(whole.motion.narrow(0, 6, 10), part.motion));
  all.pairs = 0.25;
  const auto fewer = make_batch(data, indices, 32, all, 7, 0);
  EXPECT_TRUE(at::equal(whole.input, fewer.input));
  EXPECT_TRUE(at::equal(whole.second.narrow(0, 0, 4), fewer.second));
}

TEST(MakeBatch, ShowsTheCleanGrayPictureWithoutOldFilm) {
  const auto batch = make_batch(noise(4, 40), {0, 1, 2, 3}, 32, all_changes(), 7, 0);
  EXPECT_TRUE(batch.input.is_same(batch.gray));
  EXPECT_FALSE(batch.second.defined());
  EXPECT_FALSE(batch.motion.defined());
}

TEST(MakeBatch, AgesTheInputAndNothingElse) {
  const auto data = noise(1, 40);
  const std::vector<int64_t> indices(100, 0);
  auto all = all_changes();
  const auto clean = make_batch(data, indices, 32, all, 7, 0);
  all.old_film.strength = 1;
  all.pairs = 0.5;
  const auto aged = make_batch(data, indices, 32, all, 7, 0);
  EXPECT_TRUE(at::equal(aged.gray, clean.gray));
  EXPECT_TRUE(at::equal(aged.colour, clean.colour));
  EXPECT_TRUE(at::equal(aged.labels, clean.labels));
  EXPECT_LE(aged.input.abs().max().item<float>(), 1);
  EXPECT_LE(aged.second.abs().max().item<float>(), 1);
  int changed = 0;
  for (int64_t k = 0; k < 100; ++k) changed += !at::equal(aged.input[k], clean.gray[k]);
  EXPECT_NEAR(changed, 67, 15);
}

TEST(MakeBatch, ZoomsInAndOutByEveryFactorUpToTheOneAskedFor) {
  // Columns of 0, 4, 8, ...: a tile's step from pixel to pixel tells its zoom.
  std::vector<uint8_t> rgb;
  for (int64_t i = 0; i < 60 * 60 * 3; ++i) rgb.push_back(static_cast<uint8_t>(i / 3 % 60 * 4));
  const Given data(rgb, 60);
  const auto range = [&](double most_zoom) {
    Augmentation zoom;
    zoom.zoom = most_zoom;
    double least = 9, most = 0;
    for (uint64_t seed = 0; seed < 200; ++seed) {
      const auto seen = numbers(make_batch(data, {0}, 32, zoom, seed, 0));
      const double step = (seen[31] - seen[0]) / (31 * 4.0);
      least = std::min(least, step);
      most = std::max(most, step);
    }
    return std::make_pair(least, most);
  };
  EXPECT_NEAR(range(1.25).first, 1 / 1.25, 0.03);
  EXPECT_NEAR(range(1.25).second, 1.25, 0.02);
  EXPECT_NEAR(range(9).second, 60 / 32.0, 0.02) << "the picture's side is the limit";
}

TEST(MakeBatch, MovesTheSecondFrameOfACleanPairExactly) {
  const auto data = noise(1, 40);
  auto all = all_changes();
  all.pairs = 1;
  const auto batch = make_batch(data, std::vector<int64_t>(40, 0), 32, all, 7, 0);
  ASSERT_EQ(batch.second.sizes(), batch.input.sizes());
  ASSERT_EQ(batch.motion.sizes(), (std::vector<int64_t>{40, 2}));
  for (int64_t m = 0; m < 40; ++m) {
    const auto dy = batch.motion[m][0].item<int64_t>(), dx = batch.motion[m][1].item<int64_t>();
    ASSERT_EQ(dy % 2, 0);
    ASSERT_EQ(dx % 2, 0);
    const auto rows = 32 - std::abs(dy), columns = 32 - std::abs(dx);
    const auto of = [&](const at::Tensor& picture, int64_t y, int64_t x) {
      return picture[m][0].narrow(0, y, rows).narrow(1, x, columns);
    };
    ASSERT_TRUE(at::equal(of(batch.second, std::max<int64_t>(0, -dy), std::max<int64_t>(0, -dx)),
                          of(batch.input, std::max<int64_t>(0, dy), std::max<int64_t>(0, dx))));
  }
  EXPECT_EQ(batch.motion.min().item<int64_t>(), -kLargestMotion);
  EXPECT_EQ(batch.motion.max().item<int64_t>(), kLargestMotion);
}

TEST(MakeBatch, PairsTheFirstPicturesRoundedUp) {
  Augmentation some;
  some.pairs = 0.3;
  const auto batch = make_batch(noise(5, 32), {0, 1, 2, 3, 4}, 32, some, 7, 0);
  EXPECT_EQ(batch.second.size(0), 2);
  EXPECT_EQ(batch.motion.size(0), 2);
}

TEST(MakeBatch, ShowsBothFramesOfAPairOnTheSameFilm) {
  const std::vector<int64_t> indices(60, 0);
  const auto data = noise(1, 64);
  Augmentation film;
  film.old_film.strength = 1;
  film.pairs = 1;
  const auto batch = make_batch(data, indices, 64, film, 7, 0);
  double within = 0, between = 0;
  int other_moment = 0;
  for (int64_t k = 0; k + 1 < 60; ++k) {
    const auto level = [k](const at::Tensor& frames, int64_t next) {
      return frames[k + next].mean().item<double>();
    };
    within += std::abs(level(batch.input, 0) - level(batch.second, 0));
    between += std::abs(level(batch.input, 0) - level(batch.input, 1));
    if (!at::equal(batch.input[k], batch.gray[k]))
      other_moment += !at::equal(batch.input[k], batch.second[k]);
  }
  EXPECT_LT(within, 0.3 * between);
  EXPECT_GT(other_moment, 25);
}

TEST(MakeBatch, NoTwoMomentsOnFilmAreTheSameAndHalfOfThemStandStill) {
  const std::vector<int64_t> indices(200, 0);
  Augmentation film;
  film.old_film.strength = 0.5;
  film.pairs = 1;
  const auto batch = make_batch(noise(1, 64), indices, 64, film, 7, 0);
  int still = 0;
  for (int64_t k = 0; k < 200; ++k) {
    EXPECT_FALSE(at::equal(batch.input[k], batch.second[k])) << k;
    still += batch.motion[k].eq(0).all().item<bool>();
  }
  EXPECT_NEAR(still, 100, 25);
}

TEST(MakeBatch, RefusesAugmentationOutsideOfItsRange) {
  const auto make = [](double zoom, double strength, double pairs) {
    Augmentation augmentation;
    augmentation.zoom = zoom;
    augmentation.old_film.strength = strength;
    augmentation.pairs = pairs;
    make_batch(FormulaPictures(1, 32), {0}, 32, augmentation, 1, 0);
  };
  EXPECT_NO_THROW(make(1, 1, 1));
  EXPECT_THROW(make(0.9, 0, 0), std::invalid_argument);
  EXPECT_THROW(make(1, 1.1, 0), std::invalid_argument);
  EXPECT_THROW(make(1, -0.1, 0), std::invalid_argument);
  EXPECT_THROW(make(1, 0, 1.1), std::invalid_argument);
  EXPECT_THROW(make(1, 0, -0.1), std::invalid_argument);
}

TEST(MakeBatch, EnlargesAPictureSmallerThanATile) {
  const FormulaPictures pictures(1, 16);
  Augmentation zoomed;
  zoomed.zoom = 1.25;  // squares of 26 pixels at least: there are but 16
  for (const auto& augmentation : {Augmentation{}, zoomed}) {
    const auto batch = make_batch(pictures, {0}, 32, augmentation, 1, 0);
    ASSERT_EQ(batch.colour.sizes(), (std::vector<int64_t>{1, 3, 32, 32}));
    // The whole picture, so that the means of the quarters are those of its own.
    const auto original = make_batch(pictures, {0}, 16, {}, 1, 0);
    EXPECT_LT((at::avg_pool2d(batch.colour, 16) - at::avg_pool2d(original.colour, 8))
                  .abs()
                  .max()
                  .item<double>(),
              0.02);
  }
}

}  // namespace
}  // namespace cgan::testing
