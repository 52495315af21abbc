// Fields: pictures of every other row of a frame, at a moment of their own.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "plugin/colorizer/colorizer.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/plan/luma_plan.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/substitute_generators.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::stream_of;
using test::SyntheticFrame;
using test::warm_light;
using test::with_network;

constexpr CganScan kFields[] = {CGAN_SCAN_TOP_FIELD, CGAN_SCAN_BOTTOM_FIELD};

CganFrame rows_of(const CganFrame& frame, CganScan field) {
  CganFrame rows = frame;
  rows.scan = field;
  for (int plane = 0; plane < 3; ++plane) {
    if (rows.data[plane] == nullptr) continue;
    if (field == CGAN_SCAN_BOTTOM_FIELD) rows.data[plane] += frame.stride[plane];
    rows.stride[plane] *= 2;
  }
  return rows;
}

CganStreamInfo interlaced(int64_t width, int64_t height, CganFormat in, CganFormat out) {
  CganStreamInfo info = stream_of(width, height, in, out);
  info.interlaced = 1;
  return info;
}

TEST(Fields, HaveWorkCopiesThatLieWhereTheFramesDoes) {
  // Luma rises from top to bottom, so a picture that is read too high or too low shows it.
  constexpr int64_t kWidth = 16, kHeight = 200, kLines = 40;
  const StreamFormat frame =
      StreamFormat::from(interlaced(kWidth, kHeight, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  const WorkSize size = {kWidth, kLines, kWidth, kLines, kWidth, kLines};
  const auto row_means = [&](const StreamFormat& format, int64_t first, int64_t step) {
    const WorkCopyPlan plan = WorkCopyPlan::of(format, size);
    std::vector<double> means;
    for (const Span& span : plan.rows) {
      double sum = 0.0;
      for (int64_t row = span.first; row <= span.last; ++row) {
        const float weight = row == span.first  ? span.first_weight
                             : row == span.last ? span.last_weight
                                                : 1.0f;
        sum += weight * static_cast<double>(first + row * step);
      }
      means.push_back(sum * kLines * 4.0 / static_cast<double>(format.frame_quarters()));
    }
    return means;
  };
  const std::vector<double> whole = row_means(frame, 0, 1);
  for (const CganScan field : kFields) {
    const std::vector<double> half =
        row_means(frame.field(field), field == CGAN_SCAN_TOP_FIELD ? 0 : 1, 2);
    for (int64_t y = 1; y + 1 < kLines; ++y) EXPECT_NEAR(half[y], whole[y], 1e-4) << y;
    // Half a row of the frame is missing at its border.
    EXPECT_NEAR(half.front(), whole.front(), 0.25);
    EXPECT_NEAR(half.back(), whole.back(), 0.25);
  }
}

/// What the two fields of a still frame become, against the frame as a whole.
void expect_same_colours(CganFormat format, int64_t height) {
  constexpr int64_t kWidth = 64;
  SyntheticFrame whole(format, kWidth, height), woven(format, kWidth, height);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < kWidth; ++x) {
      const auto code = static_cast<int>(40 + 150 * y / height + x / 4);
      whole.set_luma(x, y, code << (whole.format().depth - 8));
    }
  }
  woven.fill_random_chroma(1);
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < kWidth; ++x) woven.set_luma(x, y, whole.luma(x, y));
  }
  const std::vector<uint8_t> luma = woven.bytes(0);

  Colorizer colorizer = with_network(warm_light);
  colorizer.set_stream(interlaced(kWidth, height, format, format));
  colorizer.colorize(whole.frame(), whole.frame(), test::alone());
  for (const CganScan field : kFields) {
    const CganFrame rows = rows_of(woven.frame(), field);
    colorizer.colorize(rows, rows, test::alone());
  }
  EXPECT_EQ(woven.bytes(0), luma);
  const int code = 1 << (whole.format().depth - 8);
  int most = 0;
  for (int64_t y = 0; y < whole.chroma_height(); ++y) {
    for (int64_t x = 0; x < whole.chroma_width(); ++x) {
      most = std::max({most, std::abs(woven.cb(x, y) - whole.cb(x, y)),
                       std::abs(woven.cr(x, y) - whole.cr(x, y))});
    }
  }
  EXPECT_LE(most, code) << "height " << height;
  EXPECT_GT(std::abs(whole.cr(3, 2) - whole.cr(3, whole.chroma_height() - 2)), 8 * code);
}

TEST(Fields, OfAStillFrameGetTheColoursOfTheFrameInEveryFormat) {
  for (const PixelFormat& format : kPixelFormats) {
    SCOPED_TRACE(format.name);
    if (format.has_chroma()) expect_same_colours(format.format, 96);
  }
}

TEST(Fields, MayHaveOddNumbersOfRows) {
  for (const int64_t height : {65, 67, 68}) expect_same_colours(CGAN_FORMAT_Y444, height);
}

TEST(Fields, OfOneFrameKeepTheirOwnColoursApart) {
  // The top field is dark, the bottom field bright: so is one bluish, the other reddish.
  Colorizer colorizer = with_network(warm_light);
  colorizer.set_stream(interlaced(64, 64, CGAN_FORMAT_NV12, CGAN_FORMAT_NV12));
  SyntheticFrame frame(CGAN_FORMAT_NV12, 64, 64);
  for (int64_t y = 0; y < 64; ++y) {
    for (int64_t x = 0; x < 64; ++x) frame.set_luma(x, y, y % 2 == 0 ? 60 : 200);
  }
  for (const CganScan field : kFields) {
    const CganFrame rows = rows_of(frame.frame(), field);
    colorizer.colorize(rows, rows, test::alone());
  }
  for (int64_t y = 0; y < 32; ++y) {
    if (y % 2 == 0) {
      EXPECT_LT(frame.cr(20, y), 120) << y;
    } else {
      EXPECT_GT(frame.cr(20, y), 132) << y;
    }
  }
}

TEST(Fields, AreRefusedInAStreamOfWholeFrames) {
  Colorizer colorizer = with_network(warm_light);
  colorizer.set_stream(stream_of(64, 64, CGAN_FORMAT_I420, CGAN_FORMAT_I420));
  SyntheticFrame frame(CGAN_FORMAT_I420, 64, 64);
  const CganFrame rows = rows_of(frame.frame(), CGAN_SCAN_TOP_FIELD);
  EXPECT_THROW(colorizer.colorize(rows, rows, test::alone()), ColorizerError);
  EXPECT_THROW(colorizer.submit(rows, test::alone()), ColorizerError);
}

TEST(Fields, AreRefusedWhereInputAndOutputAreNotTheSameRows) {
  Colorizer colorizer = with_network(warm_light);
  colorizer.set_stream(interlaced(64, 64, CGAN_FORMAT_I420, CGAN_FORMAT_I420));
  SyntheticFrame frame(CGAN_FORMAT_I420, 64, 64);
  EXPECT_THROW(
      colorizer.colorize(rows_of(frame.frame(), CGAN_SCAN_TOP_FIELD), frame.frame(), test::alone()),
      ColorizerError);
  EXPECT_THROW(colorizer.set_stream(interlaced(64, 1, CGAN_FORMAT_I420, CGAN_FORMAT_I420)),
               ColorizerError);
}

TEST(Fields, WaitInTurnForLaterOnes) {
  CganStreamInfo info = interlaced(64, 64, CGAN_FORMAT_I420, CGAN_FORMAT_I420);
  Colorizer in_turn = with_network(warm_light), ahead = with_network(warm_light, 2);
  in_turn.set_stream(info);
  info.delay = 2;
  ahead.set_stream(info);
  constexpr int kFrames = 5;
  std::vector<std::unique_ptr<SyntheticFrame>> one, other;
  for (int i = 0; i < kFrames; ++i) {
    for (auto* film : {&one, &other}) {
      film->push_back(std::make_unique<SyntheticFrame>(CGAN_FORMAT_I420, 64, 64));
      film->back()->fill_scene(static_cast<uint32_t>(i));
    }
  }
  const CganLook look = test::alone();
  const auto finish = [&](int frame) {
    for (const CganScan field : kFields) {
      const CganFrame rows = rows_of(other[frame]->frame(), field);
      ahead.finish(rows, rows, look);
    }
  };
  for (int i = 0; i < kFrames; ++i) {
    for (const CganScan field : kFields) {
      const CganFrame rows = rows_of(one[i]->frame(), field);
      in_turn.colorize(rows, rows, look);
      ahead.submit(rows_of(other[i]->frame(), field), look);
    }
    if (i >= 2) finish(i - 2);
  }
  finish(kFrames - 2);
  finish(kFrames - 1);
  for (int i = 0; i < kFrames; ++i) {
    for (int plane = 0; plane < 3; ++plane) EXPECT_EQ(one[i]->bytes(plane), other[i]->bytes(plane));
  }
  EXPECT_EQ(ahead.counts().frames, 2u * kFrames);
}

}  // namespace
}  // namespace cgan
