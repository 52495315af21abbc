#include "plugin/colorizer/cpu/work_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

constexpr int64_t kTile = 32;

/// Area mean of one work pixel, by the share of every source pixel that it covers.
double slow_mean(SyntheticFrame& frame, int64_t width, int64_t height, const WorkSize& size,
                 int64_t x, int64_t y) {
  const double left = static_cast<double>(x) * width / size.width;
  const double right = static_cast<double>(x + 1) * width / size.width;
  const double top = static_cast<double>(y) * height / size.height;
  const double bottom = static_cast<double>(y + 1) * height / size.height;
  double sum = 0.0;
  for (int64_t j = 0; j < height; ++j) {
    const double tall = std::min<double>(bottom, j + 1) - std::max<double>(top, j);
    if (tall <= 0.0) continue;
    for (int64_t i = 0; i < width; ++i) {
      const double wide = std::min<double>(right, i + 1) - std::max<double>(left, i);
      if (wide > 0.0) sum += wide * tall * frame.luma(i, j);
    }
  }
  return sum / ((right - left) * (bottom - top));
}

StreamFormat format_of(int64_t width, int64_t height, CganFormat in, int full_range) {
  return StreamFormat::from(test::stream_of(width, height, in, CGAN_FORMAT_Y444_12LE, full_range));
}

int64_t mirror(int64_t position, int64_t length) {
  while (position >= length || position < 0) {
    position = position < 0 ? -1 - position : 2 * length - 1 - position;
  }
  return position;
}

struct Case {
  int64_t width, height, short_side;
};
class WorkCopyMeans : public testing::TestWithParam<Case> {};

TEST_P(WorkCopyMeans, AreThoseOfTheSlowFormulaWithAMirroredMargin) {
  const auto [width, height, short_side] = GetParam();
  WorkerPool pool(1);
  const WorkSize size = work_size_for(width, height, short_side, {kTile, kTile, 2});
  for (const CganFormat in : {CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420_10LE, CGAN_FORMAT_P010_10LE,
                              CGAN_FORMAT_P012_LE, CGAN_FORMAT_GRAY16_LE}) {
    SyntheticFrame frame(in, width, height, 5, 1);
    frame.fill_scene(7);
    const int depth = frame.format().depth;
    for (const int full_range : {0, 1}) {
      std::vector<float> work(size.padded_width * size.padded_height);
      WorkCopy(WorkCopyPlan::of(format_of(width, height, in, full_range), size), pool)
          .run({frame.frame().data[0], frame.frame().stride[0]}, work.data());
      for (int64_t y = 0; y < size.padded_height; ++y) {
        for (int64_t x = 0; x < size.padded_width; ++x) {
          const double code =
              slow_mean(frame, width, height, size, mirror(x, size.width), mirror(y, size.height));
          const double signal = full_range != 0 ? code / ((1 << depth) - 1)
                                                : (code / (1 << (depth - 8)) - 16.0) / 219.0;
          ASSERT_NEAR(work[y * size.padded_width + x], std::clamp(2.0 * signal - 1.0, -1.0, 1.0),
                      2e-5)
              << "at " << x << ", " << y << " of format " << in;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, WorkCopyMeans,
                         testing::Values(Case{1, 1, 96}, Case{3, 2, 96}, Case{33, 40, 96},
                                         Case{131, 97, 48}, Case{97, 131, 40}, Case{200, 3, 2},
                                         Case{64, 64, 32}, Case{7, 301, 96}));

TEST(WorkCopy, TakesBlackAndWhiteOfTheRangeToTheEnds) {
  SyntheticFrame frame(CGAN_FORMAT_GRAY8, 2, 1);
  frame.at(0, 0, 0) = 16;
  frame.at(0, 1, 0) = 235;
  WorkerPool pool(1);
  float work[2];
  WorkCopy(WorkCopyPlan::of(format_of(2, 1, CGAN_FORMAT_GRAY8, 0), {2, 1, 2, 1, 2, 1}), pool)
      .run({frame.frame().data[0], frame.frame().stride[0]}, work);
  EXPECT_NEAR(work[0], -1.0f, 1e-6f);
  EXPECT_NEAR(work[1], 1.0f, 1e-6f);
}

}  // namespace
}  // namespace cgan
