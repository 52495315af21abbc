// Whole frames in every pair of formats, with a network that is a formula.

#include <ATen/ops/cat.h>
#include <ATen/ops/full_like.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "plugin/colorizer/colorizer.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/substitute_generators.h"
#include "tests/colorizer/synthetic_frame.h"

namespace cgan {
namespace {

using test::stream_of;
using test::SubstituteGenerator;
using test::SyntheticFrame;
using test::warm_light;
using test::with_network;

constexpr CganLook kAsItIs = test::alone();
constexpr std::pair<int64_t, int64_t> kSizes[] = {{1, 1},   {16, 16}, {17, 19},
                                                  {33, 47}, {65, 63}, {130, 97}};

template <typename Visit>
void for_pairs(const Visit& visit) {
  for (const PixelFormat& in : kPixelFormats) {
    for (const PixelFormat& out : kPixelFormats) {
      if (can_become(in, out)) visit(in, out);
    }
  }
}

/// Luma of another depth by Rec. ITU-T H.273 in whole numbers, limited (zero bits, or the nearest
/// code where bits are dropped) or full.
int slow_luma(int code, int from, int to, bool is_full) {
  if (is_full) {
    const int64_t highest_in = (1 << from) - 1, highest_out = (1 << to) - 1;
    return static_cast<int>((2 * code * highest_out + highest_in) / (2 * highest_in));
  }
  if (to >= from) return code << (to - from);
  return std::min((code + (1 << (from - to - 1))) >> (from - to), (1 << to) - 1);
}

TEST(Formats, KeepTheLumaAtEverySizeAndStrideInEveryPair) {
  Colorizer colorizer = with_network(warm_light);
  for (const auto& [width, height] : kSizes) {
    for_pairs([&, w = width, h = height](const PixelFormat& in, const PixelFormat& out) {
      for (const int full_range : {0, 1}) {
        SyntheticFrame source(in.format, w, h, 3, 1), target(out.format, w, h, 13, 5);
        source.fill_random(1);
        colorizer.set_stream(stream_of(w, h, in.format, out.format, full_range));
        colorizer.colorize(source.frame(), target.frame(), kAsItIs);
        if (in.depth == out.depth && in.shift == out.shift) {
          ASSERT_EQ(source.bytes(0), target.bytes(0));
        }
        for (int64_t y = 0; y < h; ++y) {
          for (int64_t x = 0; x < w; ++x) {
            ASSERT_EQ(target.luma(x, y),
                      slow_luma(source.luma(x, y), in.depth, out.depth, full_range != 0))
                << "format " << in.format << " in " << out.format << " at " << x << ", " << y;
          }
        }
        ASSERT_TRUE(target.padding_is_untouched());
      }
    });
  }
}

TEST(Formats, ColourInPlaceWithTheSameBytesAsIntoACopy) {
  Colorizer colorizer = with_network(warm_light);
  for (const PixelFormat& format : kPixelFormats) {
    if (!format.has_chroma()) continue;
    SyntheticFrame source(format.format, 65, 63, 3, 1), target(format.format, 65, 63, 9, 1);
    source.fill_scene(2);
    colorizer.set_stream(stream_of(65, 63, format.format, format.format));
    colorizer.colorize(source.frame(), target.frame(), kAsItIs);
    const std::vector<uint8_t> luma = source.bytes(0);
    colorizer.colorize(source.frame(), source.frame(), kAsItIs);
    EXPECT_EQ(source.bytes(0), luma);
    EXPECT_TRUE(source.padding_is_untouched());
    for (int plane = 0; plane < 3; ++plane) EXPECT_EQ(source.bytes(plane), target.bytes(plane));
  }
}

TEST(Formats, HoldOneColourAsTheNearestCodesOfTheirDepth) {
  constexpr double kCb = -0.0625, kCr = 0.09;
  Colorizer colorizer = with_network([](const at::Tensor& luma) {
    return at::cat({at::full_like(luma, kCb), at::full_like(luma, kCr)}, 1);
  });
  for_pairs([&](const PixelFormat& in, const PixelFormat& out) {
    for (const int full_range : {0, 1}) {
      SyntheticFrame source(in.format, 33, 21, 1), target(out.format, 33, 21, 1);
      for (int64_t y = 0; y < 21; ++y) {
        for (int64_t x = 0; x < 33; ++x) source.set_luma(x, y, (120 + x) << (in.depth - 8));
      }
      colorizer.set_stream(stream_of(33, 21, in.format, out.format, full_range));
      colorizer.colorize(source.frame(), target.frame(), kAsItIs);
      const int step = 1 << (out.depth - 8);
      const double scale = full_range != 0 ? (1 << out.depth) - 1 : 224 * step;
      // A little of a code more than the rounding: the blend of tiles sums in floats.
      for (int64_t y = 0; y < target.chroma_height(); ++y) {
        for (int64_t x = 0; x < target.chroma_width(); ++x) {
          ASSERT_NEAR(target.cb(x, y), 128 * step + scale * kCb, 0.51);
          ASSERT_NEAR(target.cr(x, y), 128 * step + scale * kCr, 0.51);
        }
      }
    }
  });
}

TEST(Formats, HoldTheSameColoursWhereverTheyKeepThem) {
  Colorizer colorizer = with_network(warm_light);
  const PixelFormat& gray = *find_pixel_format(CGAN_FORMAT_GRAY8);
  SyntheticFrame source(gray.format, 131, 77, 2);
  source.fill_scene(3);
  const auto coloured = [&](CganFormat format) {
    auto frame = std::make_unique<SyntheticFrame>(format, 131, 77, 5);
    colorizer.set_stream(stream_of(131, 77, gray.format, frame->format().format));
    colorizer.colorize(source.frame(), frame->frame(), kAsItIs);
    return frame;
  };
  for (const auto& formats :
       {std::vector{CGAN_FORMAT_I420, CGAN_FORMAT_YV12, CGAN_FORMAT_NV12, CGAN_FORMAT_NV21},
        std::vector{CGAN_FORMAT_I420_10LE, CGAN_FORMAT_P010_10LE},
        std::vector{CGAN_FORMAT_I420_12LE, CGAN_FORMAT_P012_LE}}) {
    const auto first = coloured(formats[0]);
    bool has_colour = false;
    for (const CganFormat format : formats) {
      const auto other = coloured(format);
      for (int64_t y = 0; y < first->chroma_height(); ++y) {
        for (int64_t x = 0; x < first->chroma_width(); ++x) {
          ASSERT_EQ(other->cb(x, y), first->cb(x, y)) << "format " << format;
          ASSERT_EQ(other->cr(x, y), first->cr(x, y)) << "format " << format;
          has_colour = has_colour || other->cb(x, y) != other->cr(x, y);
        }
      }
    }
    EXPECT_TRUE(has_colour);
  }
}

TEST(Formats, HoldTheColourOfThePlaceWhereTheSiteSaysThatTheSampleLies) {
  // Luma rises to the right and down, and the network's chroma with it: a sample tells its place.
  Colorizer colorizer = with_network(warm_light);
  constexpr int64_t kSide = 64;
  SyntheticFrame source(CGAN_FORMAT_Y444_12LE, kSide, kSide);
  const auto luma_at = [](double x, double y) { return 1000.0 + 16.0 * x + 8.0 * y; };
  for (int64_t y = 0; y < kSide; ++y) {
    for (int64_t x = 0; x < kSide; ++x) {
      source.set_luma(x, y, static_cast<int>(luma_at(x, y)));
    }
  }
  for (const CganFormat out :
       {CGAN_FORMAT_I420_12LE, CGAN_FORMAT_I422_12LE, CGAN_FORMAT_P012_LE, CGAN_FORMAT_Y444_12LE}) {
    for (const CganChromaSite site :
         {CGAN_CHROMA_CENTRE, CGAN_CHROMA_LEFT, CGAN_CHROMA_TOP, CGAN_CHROMA_TOP_LEFT}) {
      SyntheticFrame target(out, kSide, kSide);
      CganStreamInfo info = stream_of(kSide, kSide, source.format().format, target.format().format);
      info.chroma_site = site;
      colorizer.set_stream(info);
      colorizer.colorize(source.frame(), target.frame(), kAsItIs);
      const int step_x = target.format().step_x, step_y = target.format().step_y;
      const double right = step_x == 2 && (site & CGAN_CHROMA_LEFT) == 0 ? 0.5 : 0.0;
      const double down = step_y == 2 && (site & CGAN_CHROMA_TOP) == 0 ? 0.5 : 0.0;
      for (int64_t y = 8; y < target.chroma_height() - 8; ++y) {
        for (int64_t x = 8; x < target.chroma_width() - 8; ++x) {
          const double luma = luma_at(x * step_x + right, y * step_y + down);
          const double signal = 2.0 * (luma - 256.0) / 3504.0 - 1.0;
          // Half a pixel to the right is 1.7 codes of Cr... half a row 0.8.
          ASSERT_NEAR(target.cr(x, y), 2048.0 + 3584.0 * 0.2 * signal, 0.75)
              << "format " << out << ", site " << site << " at " << x << ", " << y;
        }
      }
    }
  }
}

}  // namespace
}  // namespace cgan
