#include "plugin/colorizer/cpu/luma_copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

StreamFormat format_of(int64_t width, int64_t height, const PixelFormat& in, const PixelFormat& out,
                       int in_full_range, int out_full_range) {
  CganStreamInfo info = test::stream_of(width, height, in.format, out.format);
  info.in_full_range = in_full_range;
  info.out_full_range = out_full_range;
  return StreamFormat::from(info);
}

/// The nearest code in whole numbers: numerator / denominator is the exact one.
int64_t nearest(int64_t numerator, int64_t denominator) {
  const int64_t twice = 2 * numerator + denominator;
  return twice < 0 ? -1 : twice / (2 * denominator);
}

/// The formula of the header in whole numbers.
int64_t slow_code(int64_t code, int in_depth, bool in_full, int out_depth, bool out_full) {
  const int64_t in_step = int64_t{1} << (in_depth - 8), out_step = int64_t{1} << (out_depth - 8);
  const int64_t in_scale = in_full ? (int64_t{1} << in_depth) - 1 : 219 * in_step;
  const int64_t out_scale = out_full ? (int64_t{1} << out_depth) - 1 : 219 * out_step;
  const int64_t signal = in_full ? code : code - 16 * in_step;  // times in_scale
  const int64_t offset = out_full ? 0 : 16 * out_step;
  const int64_t result = nearest(signal * out_scale + offset * in_scale, in_scale);
  return std::clamp<int64_t>(result, 0, (int64_t{1} << out_depth) - 1);
}

void copy(SyntheticFrame& from, SyntheticFrame& to, const StreamFormat& format) {
  LumaCopy(LumaCopyPlan::of(format))
      .rows(view_luma(from.frame(), format), view_output(to.frame(), format), 0, format.height);
}

TEST(LumaCopy, GivesEveryCodeOfEveryPairOfFormatsAndRangesByTheFormula) {
  for (const PixelFormat& in : kPixelFormats) {
    for (const PixelFormat& out : kPixelFormats) {
      if (!can_become(in, out)) continue;
      const int64_t width = 256, height = (1 << in.depth) / width;
      for (const auto& [in_full, out_full] : {std::pair{0, 0}, {0, 1}, {1, 0}, {1, 1}}) {
        const StreamFormat format = format_of(width, height, in, out, in_full, out_full);
        SyntheticFrame source(in.format, width, height), target(out.format, width, height);
        for (int64_t code = 0; code < width * height; ++code) {
          source.set_luma(code % width, code / width, static_cast<int>(code));
        }
        copy(source, target, format);
        for (int64_t code = 0; code < width * height; ++code) {
          ASSERT_EQ(target.luma(code % width, code / width),
                    slow_code(code, in.depth, in_full != 0, out.depth, out_full != 0))
              << "code " << code << " of format " << in.format << " in " << out.format << ", range "
              << in_full << " to " << out_full;
        }
      }
    }
  }
}

TEST(LumaCopy, GrowsLimitedRangeByZeroBits) {
  const PixelFormat& in = *find_pixel_format(CGAN_FORMAT_I420);
  for (const CganFormat out : {CGAN_FORMAT_I420_10LE, CGAN_FORMAT_P010_10LE, CGAN_FORMAT_P012_LE}) {
    SyntheticFrame source(CGAN_FORMAT_I420, 256, 1), target(out, 256, 1);
    for (int code = 0; code < 256; ++code) source.set_luma(code, 0, code);
    copy(source, target, format_of(256, 1, in, target.format(), 0, 0));
    for (int code = 0; code < 256; ++code) {
      ASSERT_EQ(target.luma(code, 0), code << (target.format().depth - 8));
    }
  }
}

TEST(LumaCopy, TakesFullGrayToBlackAndWhiteOfLimitedRange) {
  for (const CganFormat gray : {CGAN_FORMAT_GRAY8, CGAN_FORMAT_GRAY16_LE}) {
    SyntheticFrame source(gray, 2, 1), target(CGAN_FORMAT_I420, 2, 1);
    source.set_luma(0, 0, 0);
    source.set_luma(1, 0, (1 << source.format().depth) - 1);
    copy(source, target, format_of(2, 1, source.format(), target.format(), 1, 0));
    EXPECT_EQ(target.luma(0, 0), 16);
    EXPECT_EQ(target.luma(1, 0), 235);
  }
}

TEST(LumaCopy, KeepsEveryBitWhereDepthAndRangeStay) {
  for (const PixelFormat& in : kPixelFormats) {
    for (const PixelFormat& out : kPixelFormats) {
      if (!out.has_chroma() || in.depth != out.depth || in.shift != out.shift) continue;
      for (const int full_range : {0, 1}) {
        const StreamFormat format = format_of(33, 19, in, out, full_range, full_range);
        EXPECT_TRUE(format.keeps_luma());
        SyntheticFrame source(in.format, 33, 19, 3, 1), target(out.format, 33, 19, 5, 3);
        source.fill_random(1);
        copy(source, target, format);
        EXPECT_EQ(target.bytes(0), source.bytes(0));
        EXPECT_TRUE(target.padding_is_untouched());
      }
    }
  }
}

TEST(LumaCopy, TakesSamplesAboveTheirDepthForTheHighestCode) {
  const PixelFormat &in = *find_pixel_format("I420_10LE"), &out = *find_pixel_format("Y444_12LE");
  SyntheticFrame source(in.format, 3, 1), target(out.format, 3, 1);
  const int samples[] = {1023, 1024, 65535};
  for (int x = 0; x < 3; ++x) source.set_luma(x, 0, samples[x]);
  copy(source, target, format_of(3, 1, in, out, 1, 1));
  for (int x = 0; x < 3; ++x) EXPECT_EQ(target.luma(x, 0), 4095);
}

TEST(LumaCopy, KeepsToThePictureAtAnyStrideAndAddress) {
  for (const auto& [width, height] : {std::pair{1, 1}, {16, 16}, {17, 19}, {33, 47}}) {
    for (const PixelFormat& in : kPixelFormats) {
      for (const PixelFormat& out : kPixelFormats) {
        if (!can_become(in, out)) continue;
        const StreamFormat format = format_of(width, height, in, out, 1, 0);
        SyntheticFrame source(in.format, width, height, 7, 1),
            target(out.format, width, height, 9, 3);
        source.fill_random(2);
        copy(source, target, format);
        for (int64_t y = 0; y < height; ++y) {
          for (int64_t x = 0; x < width; ++x) {
            ASSERT_EQ(target.luma(x, y),
                      slow_code(source.luma(x, y), in.depth, true, out.depth, false));
          }
        }
        ASSERT_TRUE(target.padding_is_untouched());
      }
    }
  }
}

}  // namespace
}  // namespace cgan
