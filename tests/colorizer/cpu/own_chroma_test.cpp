#include "plugin/colorizer/cpu/own_chroma.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/colorizer/streams.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::SyntheticFrame;

constexpr CganChromaSite kSites[] = {CGAN_CHROMA_CENTRE, CGAN_CHROMA_LEFT, CGAN_CHROMA_TOP,
                                     CGAN_CHROMA_TOP_LEFT};

StreamFormat format_of(SyntheticFrame& in, SyntheticFrame& out, int64_t width, int64_t height,
                       CganChromaSite in_site = CGAN_CHROMA_LEFT,
                       CganChromaSite out_site = CGAN_CHROMA_LEFT, int full_range = 0) {
  CganStreamInfo info =
      test::stream_of(width, height, in.format().format, out.format().format, full_range);
  info.in_chroma_site = in_site;
  info.chroma_site = out_site;
  return StreamFormat::from(info);
}

void run(const StreamFormat& format, SyntheticFrame& in, SyntheticFrame& out, int64_t count) {
  const OwnChroma chroma(OwnChromaPlan::of(format));
  const ChromaView source = view_chroma(in.frame(), format);
  const FrameView target = view_output(out.frame(), format);
  for (int64_t y = 0; y < out.chroma_height(); ++y) chroma.row(y, count, source, target);
}

void fill_codes(SyntheticFrame& frame, uint32_t seed) {
  std::mt19937 random(seed);
  for (int64_t y = 0; y < frame.chroma_height(); ++y) {
    for (int64_t x = 0; x < frame.chroma_width(); ++x) {
      frame.set_cb(x, y, static_cast<int>(random() >> (32 - frame.format().depth)));
      frame.set_cr(x, y, static_cast<int>(random() >> (32 - frame.format().depth)));
    }
  }
}

TEST(OwnChroma, IsCopiedToTheBitWhereTheFormatStaysAndNoFartherThanAsked) {
  for (const PixelFormat& format : kPixelFormats) {
    if (!format.has_chroma()) continue;
    SyntheticFrame in(format.format, 65, 63, 3, 1), out(format.format, 65, 63, 13, 5);
    SyntheticFrame before(format.format, 65, 63);
    in.fill_random_chroma(1);
    out.fill_random_chroma(2);
    before.fill_random_chroma(2);
    const int64_t count = out.chroma_width() / 3;
    run(format_of(in, out, 65, 63), in, out, count);
    const bool is_interleaved = format.layout == ChromaLayout::kInterleaved;
    const int64_t bytes = count * format.sample_bytes() * (is_interleaved ? 2 : 1);
    for (int plane = 1; plane < 3; ++plane) {
      for (int64_t y = 0; y < out.rows(plane); ++y) {
        for (int64_t x = 0; x < out.row_bytes(plane); ++x) {
          ASSERT_EQ(out.at(plane, x, y), x < bytes ? in.at(plane, x, y) : before.at(plane, x, y));
        }
      }
    }
    EXPECT_TRUE(out.padding_is_untouched());
  }
}

/// Signal of the picture's chroma at a place of the frame in luma pixels, by the bilinear formula.
double slow_signal(SyntheticFrame& in, bool is_cb, double x, double y, CganChromaSite site,
                   int full_range) {
  const PixelFormat& format = in.format();
  const auto place = [](double at, int step, bool is_on_pixel, int64_t count) {
    const double first = step == 2 && !is_on_pixel ? 1.0 : 0.5;
    return std::clamp((at - first) / step, 0.0, static_cast<double>(count - 1));
  };
  const double column = place(x, format.step_x, (site & CGAN_CHROMA_LEFT) != 0, in.chroma_width());
  const double row = place(y, format.step_y, (site & CGAN_CHROMA_TOP) != 0, in.chroma_height());
  double code = 0.0;
  for (int64_t j = 0; j < in.chroma_height(); ++j) {
    for (int64_t i = 0; i < in.chroma_width(); ++i) {
      const double weight = std::max(0.0, 1.0 - std::abs(column - static_cast<double>(i))) *
                            std::max(0.0, 1.0 - std::abs(row - static_cast<double>(j)));
      code += weight * (is_cb ? in.cb(i, j) : in.cr(i, j));
    }
  }
  const int step = 1 << (format.depth - 8);
  return (code - 128.0 * step) / (full_range != 0 ? (1 << format.depth) - 1 : 224 * step);
}

TEST(OwnChroma, IsWhatLiesAtTheSiteOfTheSampleInEveryPairOfFormats) {
  constexpr int64_t kWidth = 11, kHeight = 9;
  for (const PixelFormat& from : kPixelFormats) {
    for (const PixelFormat& to : kPixelFormats) {
      if (!from.has_chroma() || !can_become(from, to)) continue;
      for (int round = 0; round < 8; ++round) {
        const CganChromaSite in_site = kSites[round % 4], out_site = kSites[(round + 1) / 2 % 4];
        // Whoever copies takes the site of the caps, which is one.
        if (from.format == to.format && in_site != out_site) continue;
        const int full_range = round / 4;
        SyntheticFrame in(from.format, kWidth, kHeight, 3, 1);
        SyntheticFrame out(to.format, kWidth, kHeight, 5, 3);
        fill_codes(in, 1);
        const StreamFormat format =
            format_of(in, out, kWidth, kHeight, in_site, out_site, full_range);
        run(format, in, out, out.chroma_width());
        const int step = 1 << (to.depth - 8);
        const double scale = full_range != 0 ? (1 << to.depth) - 1 : 224 * step;
        const double highest = (1 << to.depth) - 1;
        for (int64_t y = 0; y < out.chroma_height(); ++y) {
          for (int64_t x = 0; x < out.chroma_width(); ++x) {
            const double right = to.step_x == 2 && (out_site & CGAN_CHROMA_LEFT) == 0 ? 1.0 : 0.5;
            const double down = to.step_y == 2 && (out_site & CGAN_CHROMA_TOP) == 0 ? 1.0 : 0.5;
            const double at_x = static_cast<double>(x * to.step_x) + right;
            const double at_y = static_cast<double>(y * to.step_y) + down;
            for (const bool is_cb : {true, false}) {
              const double signal = slow_signal(in, is_cb, at_x, at_y, in_site, full_range);
              const double wanted = std::clamp(128.0 * step + scale * signal, 0.0, highest);
              ASSERT_NEAR(is_cb ? out.cb(x, y) : out.cr(x, y), wanted, 0.501)
                  << from.name << " to " << to.name << " at " << x << ", " << y;
            }
          }
        }
        ASSERT_TRUE(out.padding_is_untouched());
      }
    }
  }
}

TEST(OwnChroma, GrowsByZeroBitsInLimitedRangeAlsoOutsideIt) {
  for (const auto& [from, to] : {std::pair{CGAN_FORMAT_I420, CGAN_FORMAT_I420_10LE},
                                 {CGAN_FORMAT_NV21, CGAN_FORMAT_P012_LE},
                                 {CGAN_FORMAT_I422_10LE, CGAN_FORMAT_I422_12LE}}) {
    SyntheticFrame in(from, 64, 48), out(to, 64, 48);
    fill_codes(in, 3);
    run(format_of(in, out, 64, 48), in, out, out.chroma_width());
    const int bits = out.format().depth - in.format().depth;
    for (int64_t y = 0; y < out.chroma_height(); ++y) {
      for (int64_t x = 0; x < out.chroma_width(); ++x) {
        ASSERT_EQ(out.cb(x, y), in.cb(x, y) << bits);
        ASSERT_EQ(out.cr(x, y), in.cr(x, y) << bits);
      }
    }
  }
}

TEST(OwnChroma, OfGrayIsNeutral) {
  for (const PixelFormat& to : kPixelFormats) {
    if (!to.has_chroma()) continue;
    SyntheticFrame in(CGAN_FORMAT_GRAY8, 601, 3), out(to.format, 601, 3, 3, 1);
    run(format_of(in, out, 601, 3), in, out, out.chroma_width());
    for (int64_t y = 0; y < out.chroma_height(); ++y) {
      for (int64_t x = 0; x < out.chroma_width(); ++x) {
        ASSERT_EQ(out.cb(x, y), 1 << (to.depth - 1));
        ASSERT_EQ(out.cr(x, y), 1 << (to.depth - 1));
      }
    }
    EXPECT_TRUE(out.padding_is_untouched());
  }
}

}  // namespace
}  // namespace cgan
