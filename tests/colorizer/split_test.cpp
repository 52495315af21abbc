// The original on the left, the colours on the right, in every pair of formats.

#include <gtest/gtest.h>

#include <cmath>

#include "plugin/colorizer/colorizer.h"
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

constexpr int64_t kWidth = 65, kHeight = 33;

void expect_split(SyntheticFrame& found, SyntheticFrame& left, SyntheticFrame& right,
                  double split) {
  const auto border = std::llround(split * static_cast<double>(found.chroma_width()));
  for (int64_t y = 0; y < found.chroma_height(); ++y) {
    for (int64_t x = 0; x < found.chroma_width(); ++x) {
      SyntheticFrame& wanted = x < border ? left : right;
      ASSERT_EQ(found.cb(x, y), wanted.cb(x, y)) << found.format().name << " at " << x;
      ASSERT_EQ(found.cr(x, y), wanted.cr(x, y)) << found.format().name << " at " << x;
    }
  }
}

TEST(Split, ShowsTheOriginalLeftAndTheColoursRightInEveryPairOfFormats) {
  Colorizer colorizer = with_network(warm_light);
  for (const PixelFormat& from : kPixelFormats) {
    for (const PixelFormat& to : kPixelFormats) {
      if (!can_become(from, to)) continue;
      SyntheticFrame in(from.format, kWidth, kHeight, 3, 1);
      SyntheticFrame original(to.format, kWidth, kHeight), coloured(to.format, kWidth, kHeight);
      in.fill_scene(1);
      in.fill_random_chroma(1);
      colorizer.set_stream(stream_of(kWidth, kHeight, from.format, to.format));
      colorizer.colorize(in.frame(), original.frame(), test::split(1.0));
      colorizer.colorize(in.frame(), coloured.frame(), test::split(0.0));
      if (from.format == to.format) {
        for (int plane = 0; plane < 3; ++plane) ASSERT_EQ(original.bytes(plane), in.bytes(plane));
      }
      if (!from.has_chroma()) {
        ASSERT_EQ(original.cr(9, 9), 1 << (to.depth - 1));
      }
      EXPECT_NE(coloured.bytes(1), original.bytes(1));
      for (const double split : {0.25, 0.5, 0.99}) {
        SyntheticFrame both(to.format, kWidth, kHeight, 7, 3);
        colorizer.colorize(in.frame(), both.frame(), test::split(split));
        expect_split(both, original, coloured, split);
        EXPECT_TRUE(both.padding_is_untouched());
      }
    }
  }
}

TEST(Split, LeavesTheBytesOfTheLeftInPlace) {
  Colorizer colorizer = with_network(warm_light);
  for (const PixelFormat& format : kPixelFormats) {
    if (!format.has_chroma()) continue;
    SyntheticFrame frame(format.format, kWidth, kHeight, 3, 1);
    SyntheticFrame in(format.format, kWidth, kHeight, 3, 1),
        coloured(format.format, kWidth, kHeight);
    for (SyntheticFrame* each : {&frame, &in}) {
      each->fill_scene(1);
      each->fill_random_chroma(1);
    }
    colorizer.set_stream(stream_of(kWidth, kHeight, format.format, format.format));
    colorizer.colorize(in.frame(), coloured.frame(), test::split(0.0));
    colorizer.colorize(frame.frame(), frame.frame(), test::split(0.4));
    EXPECT_EQ(frame.bytes(0), in.bytes(0));
    expect_split(frame, in, coloured, 0.4);
    // Also the bits below the codes.
    for (int64_t x = 0; x < frame.row_bytes(1) / 3; ++x)
      ASSERT_EQ(frame.at(1, x, 3), in.at(1, x, 3));
  }
}

}  // namespace
}  // namespace cgan
