#include "plugin/colorizer/cpu/chroma_upsample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace cgan {
namespace {

/// The formula of the header in doubles, with one sample computed at a time.
class SlowGuidedFilter {
 public:
  SlowGuidedFilter(const UpsamplePlan::Source& source, const std::vector<float>& luma,
                   const std::vector<float>& chroma)
      : source_(source),
        width_((source.luma_width + source.chroma_scale - 1) / source.chroma_scale),
        height_((source.luma_height + source.chroma_scale - 1) / source.chroma_scale),
        luma_(luma),
        chroma_(chroma) {
    for (int64_t plane = 0; plane < 2; ++plane) {
      for (int64_t y = 0; y < height_; ++y) {
        for (int64_t x = 0; x < width_; ++x) {
          const auto i = [&](int64_t u, int64_t v) { return guide(u, v); };
          const auto p = [&](int64_t u, int64_t v) { return sample(plane, u, v); };
          const double mean_i = mean(x, y, i), mean_p = mean(x, y, p);
          const double variance =
              mean(x, y, [&](int64_t u, int64_t v) { return i(u, v) * i(u, v); }) - mean_i * mean_i;
          const double covariance =
              mean(x, y, [&](int64_t u, int64_t v) { return i(u, v) * p(u, v); }) - mean_i * mean_p;
          slopes_[plane].push_back(covariance / (variance + ChromaUpsample::kEpsilon));
        }
      }
      for (int64_t y = 0; y < height_; ++y) {
        for (int64_t x = 0; x < width_; ++x) {
          const auto slope = [&](int64_t u, int64_t v) { return slopes_[plane][v * width_ + u]; };
          a_[plane].push_back(mean(x, y, slope));
          b_[plane].push_back(sample(plane, x, y) - a_[plane].back() * guide(x, y));
        }
      }
    }
  }

  /// @param x, y in samples of the network's chroma, sample centres at whole numbers
  double value(int64_t plane, double x, double y, double luma) const {
    return bilinear(a_[plane], x, y) * luma + bilinear(b_[plane], x, y);
  }

 private:
  double guide(int64_t x, int64_t y) const {
    double sum = 0.0;
    for (int64_t j = 0; j < source_.chroma_scale; ++j) {
      for (int64_t i = 0; i < source_.chroma_scale; ++i) {
        sum += luma_[(y * source_.chroma_scale + j) * source_.luma_stride +
                     x * source_.chroma_scale + i];
      }
    }
    return 0.5 + 0.5 * sum / static_cast<double>(source_.chroma_scale * source_.chroma_scale);
  }
  double sample(int64_t plane, int64_t x, int64_t y) const {
    return chroma_[(plane * source_.chroma_height + y) * source_.chroma_width + x];
  }
  template <typename Field>
  double mean(int64_t x, int64_t y, const Field& field) const {
    double sum = 0.0;
    int64_t count = 0;
    for (int64_t v = y - ChromaUpsample::kRadius; v <= y + ChromaUpsample::kRadius; ++v) {
      for (int64_t u = x - ChromaUpsample::kRadius; u <= x + ChromaUpsample::kRadius; ++u) {
        if (u < 0 || v < 0 || u >= width_ || v >= height_) continue;
        sum += field(u, v);
        ++count;
      }
    }
    return sum / static_cast<double>(count);
  }
  double bilinear(const std::vector<double>& field, double x, double y) const {
    x = std::clamp(x, 0.0, static_cast<double>(width_ - 1));
    y = std::clamp(y, 0.0, static_cast<double>(height_ - 1));
    double sum = 0.0;
    for (int64_t v = 0; v < height_; ++v) {
      for (int64_t u = 0; u < width_; ++u) {
        const double weight =
            std::max(0.0, 1.0 - std::abs(x - u)) * std::max(0.0, 1.0 - std::abs(y - v));
        if (weight == 0.0) continue;
        sum += weight * field[v * width_ + u];
      }
    }
    return sum;
  }

  UpsamplePlan::Source source_;
  int64_t width_, height_;
  const std::vector<float>& luma_;
  const std::vector<float>& chroma_;
  std::vector<double> slopes_[2], a_[2], b_[2];
};

std::vector<float> random_field(size_t count, float lowest, float highest, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(lowest, highest);
  std::vector<float> field(count);
  for (float& number : field) number = value(random);
  return field;
}

/// Steps of the chroma grid and centres of its first sample, in luma pixels.
struct Site {
  int64_t step_x, step_y;
  double first_x, first_y;
};
constexpr Site kFull = {1, 1, 0.5, 0.5}, kCentre = {2, 2, 1.0, 1.0}, kLeft = {2, 2, 0.5, 1.0},
               kTopLeft = {2, 2, 0.5, 0.5}, kLeftOf422 = {2, 1, 0.5, 0.5};

struct Case {
  int64_t work_width, work_height, chroma_scale, frame_width, frame_height;
  Site site;
};
class ChromaUpsampleSizes : public testing::TestWithParam<Case> {};

TEST_P(ChromaUpsampleSizes, GiveTheFormulaOfTheHeader) {
  const Case c = GetParam();
  // The network's grid is larger than the picture by its margin.
  const int64_t stride = (c.work_width / c.chroma_scale + 3) * c.chroma_scale;
  const int64_t lines = (c.work_height / c.chroma_scale + 3) * c.chroma_scale;
  const UpsamplePlan::Source source = {
      c.work_width,           c.work_height, stride, stride / c.chroma_scale,
      lines / c.chroma_scale, c.chroma_scale};
  const ChromaGrid grid = {(c.frame_width + c.site.step_x - 1) / c.site.step_x,
                           (c.frame_height + c.site.step_y - 1) / c.site.step_y,
                           c.site.step_x,
                           c.site.step_y,
                           c.site.first_x,
                           c.site.first_y};
  const std::vector<float> work = random_field(stride * lines, -1.0f, 1.0f, 1);
  const std::vector<float> chroma =
      random_field(2 * source.chroma_width * source.chroma_height, -0.5f, 0.5f, 2);
  const std::vector<float> luma = random_field(grid.width * grid.height, 0.0f, 1.0f, 3);

  WorkerPool pool(1);
  ChromaUpsample upsample(UpsamplePlan::of(source, c.frame_width, c.frame_height, grid), pool);
  upsample.fit(work.data(), chroma.data());
  const SlowGuidedFilter slow(source, work, chroma);
  std::vector<float> cb(grid.width), cr(grid.width);
  for (int64_t y = 0; y < grid.height; ++y) {
    upsample.row(y, 0, luma.data() + y * grid.width, cb.data(), cr.data());
    for (int64_t x = 0; x < grid.width; ++x) {
      // Centre of the chroma sample as a share of the frame, then in the network's samples.
      const double across = (c.site.first_x + x * c.site.step_x) / c.frame_width;
      const double down = (c.site.first_y + y * c.site.step_y) / c.frame_height;
      const double u = across * c.work_width / c.chroma_scale - 0.5;
      const double v = down * c.work_height / c.chroma_scale - 0.5;
      const float guide = luma[y * grid.width + x];
      ASSERT_NEAR(cb[x], slow.value(0, u, v, guide), 2e-4) << x << ", " << y;
      ASSERT_NEAR(cr[x], slow.value(1, u, v, guide), 2e-4) << x << ", " << y;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, ChromaUpsampleSizes,
    testing::Values(Case{1, 1, 1, 1, 1, kCentre}, Case{20, 15, 1, 61, 47, kCentre},
                    Case{20, 15, 1, 61, 47, kLeft}, Case{20, 15, 1, 61, 47, kTopLeft},
                    Case{20, 15, 1, 61, 47, kLeftOf422}, Case{20, 15, 1, 61, 47, kFull},
                    Case{22, 14, 2, 50, 33, kCentre}, Case{22, 14, 2, 50, 33, kTopLeft},
                    Case{9, 7, 2, 9, 7, kFull}, Case{3, 40, 1, 6, 90, kLeft}));

TEST(ChromaUpsample, KeepsOneColourWhateverTheLuma) {
  const UpsamplePlan::Source source = {16, 12, 16, 16, 12, 1};
  WorkerPool pool(1);
  ChromaUpsample upsample(UpsamplePlan::of(source, 64, 48, {64, 48, 1, 1, 0.5, 0.5}), pool);
  std::vector<float> chroma(2 * 16 * 12, 0.25f);
  std::fill(chroma.begin() + 16 * 12, chroma.end(), -0.125f);
  upsample.fit(random_field(16 * 12, -1.0f, 1.0f, 4).data(), chroma.data());
  const std::vector<float> luma = random_field(64, 0.0f, 1.0f, 5);
  std::vector<float> cb(64), cr(64);
  for (int64_t y = 0; y < 48; ++y) {
    upsample.row(y, 0, luma.data(), cb.data(), cr.data());
    for (int64_t x = 0; x < 64; ++x) {
      ASSERT_NEAR(cb[x], 0.25f, 1e-5f);
      ASSERT_NEAR(cr[x], -0.125f, 1e-5f);
    }
  }
}

TEST(ChromaUpsample, EndsColourWhereTheLumaEnds) {
  // A bright red object on dark ground; the object ends inside a work pixel, at column 76 of 160.
  constexpr int64_t kWork = 20, kFrame = 160, kEdge = 76;
  const UpsamplePlan::Source source = {kWork, kWork, kWork, kWork, kWork, 1};
  WorkerPool pool(1);
  ChromaUpsample upsample(
      UpsamplePlan::of(source, kFrame, kFrame, {kFrame, kFrame, 1, 1, 0.5, 0.5}), pool);
  std::vector<float> work(kWork * kWork), chroma(2 * kWork * kWork, 0.0f);
  for (int64_t i = 0; i < kWork * kWork; ++i) {
    const double covered = std::clamp((kEdge - 8.0 * (i % kWork)) / 8.0, 0.0, 1.0);
    work[i] = static_cast<float>(-0.6 + 1.2 * covered);
    chroma[kWork * kWork + i] = static_cast<float>(0.3 * covered);
  }
  upsample.fit(work.data(), chroma.data());
  std::vector<float> luma(kFrame), cb(kFrame), cr(kFrame);
  for (int64_t x = 0; x < kFrame; ++x) luma[x] = x < kEdge ? 0.8f : 0.2f;
  upsample.row(kFrame / 2, 0, luma.data(), cb.data(), cr.data());
  // Bilinear scaling alone would have half the red left on both sides of the edge.
  EXPECT_GT(cr[kEdge - 1], 0.9f * 0.3f);
  EXPECT_LT(cr[kEdge], 0.1f * 0.3f);
}

TEST(ChromaUpsample, KeepsTheNetworksColourWhereThereIsNoDetailToAdd) {
  // A frame that is not larger than the work picture.
  const UpsamplePlan::Source source = {24, 18, 24, 24, 18, 1};
  WorkerPool pool(1);
  ChromaUpsample upsample(UpsamplePlan::of(source, 24, 18, {24, 18, 1, 1, 0.5, 0.5}), pool);
  const std::vector<float> work = random_field(24 * 18, -1.0f, 1.0f, 9);
  const std::vector<float> chroma = random_field(2 * 24 * 18, -0.5f, 0.5f, 10);
  upsample.fit(work.data(), chroma.data());
  std::vector<float> luma(24), cb(24), cr(24);
  for (int64_t y = 0; y < 18; ++y) {
    for (int64_t x = 0; x < 24; ++x) luma[x] = 0.5f + 0.5f * work[y * 24 + x];
    upsample.row(y, 0, luma.data(), cb.data(), cr.data());
    for (int64_t x = 0; x < 24; ++x) {
      ASSERT_NEAR(cb[x], chroma[y * 24 + x], 1e-5);
      ASSERT_NEAR(cr[x], chroma[(18 + y) * 24 + x], 1e-5);
    }
  }
}

TEST(ChromaUpsample, GivesTheSameRowsInAnyOrder) {
  const UpsamplePlan::Source source = {16, 12, 16, 16, 12, 1};
  WorkerPool pool(2);
  ChromaUpsample upsample(UpsamplePlan::of(source, 64, 48, {32, 24, 2, 2, 1.0, 1.0}), pool);
  const std::vector<float> luma = random_field(32, 0.0f, 1.0f, 6);
  upsample.fit(random_field(16 * 12, -1.0f, 1.0f, 7).data(),
               random_field(2 * 16 * 12, -0.5f, 0.5f, 8).data());
  std::vector<float> down(32), up(32), cr(32);
  std::vector<std::vector<float>> rows;
  for (int64_t y = 0; y < 24; ++y) {
    upsample.row(y, 0, luma.data(), down.data(), cr.data());
    rows.push_back(down);
  }
  for (int64_t y = 23; y >= 0; --y) {
    upsample.row(y, 1, luma.data(), up.data(), cr.data());
    EXPECT_EQ(up, rows[y]);
  }
}

TEST(ChromaUpsample, ForgetsTheFormerFrame) {
  const UpsamplePlan::Source source = {16, 12, 16, 16, 12, 1};
  WorkerPool pool(1);
  ChromaUpsample upsample(UpsamplePlan::of(source, 64, 48, {32, 24, 2, 2, 1.0, 1.0}), pool);
  const std::vector<float> work(16 * 12, 0.0f), luma(32, 0.5f);
  std::vector<float> cb(32), cr(32);
  for (const float colour : {0.5f, -0.25f}) {
    upsample.fit(work.data(), std::vector<float>(2 * 16 * 12, colour).data());
    upsample.row(3, 0, luma.data(), cb.data(), cr.data());
    EXPECT_NEAR(cb[7], colour, 1e-6f);
  }
}

}  // namespace
}  // namespace cgan
