#include "plugin/colorizer/cpu/colour_meter.h"

#include <gtest/gtest.h>

#include "tests/colorizer/own_frames.h"
#include "tests/colorizer/streams.h"

namespace cgan {
namespace {

using test::Dye;
using test::SyntheticFrame;

// What ShotColour takes for colour and for its lack.
constexpr float kInColour = 0.1f, kWithoutColour = 0.06f;

OwnColour measured(SyntheticFrame& frame, int64_t width, int64_t height) {
  const StreamFormat format = StreamFormat::from(
      test::stream_of(width, height, frame.format().format, frame.format().format));
  ColourMeter meter(ColourMeterPlan::of(format));
  return judge_own_colour(meter.measure(view_input(frame.frame(), format)));
}

OwnColour of_print(const Dye& dye, double gain = 1.0) {
  SyntheticFrame frame(CGAN_FORMAT_I420, 480, 360);
  test::print(frame, dye, 1, gain);
  return measured(frame, 480, 360);
}

TEST(ColourMeter, FindsNoneInPrintsOfAnyTint) {
  for (const Dye& dye :
       {Dye(test::undyed), Dye(test::sepia), Dye(test::greenish), Dye(test::two_tones)}) {
    const OwnColour own = of_print(dye);
    EXPECT_LT(own.share, 0.01f);
    EXPECT_TRUE(own.tells);
  }
}

TEST(ColourMeter, FindsNoneInTheNoiseOfTapes) {
  for (const Dye& dye : {Dye(test::undyed), Dye(test::sepia), Dye(test::two_tones)}) {
    EXPECT_LT(of_print(test::with_noise(dye, 6.0, 1)).share, kWithoutColour);
    EXPECT_LT(of_print(test::with_noise(dye, 5.0, 12)).share, kWithoutColour);
  }
}

TEST(ColourMeter, FindsMutedColours) {
  EXPECT_GT(of_print(test::muted).share, 2 * kInColour);
  EXPECT_GT(of_print(test::with_noise(test::muted, 3.0, 1)).share, 2 * kInColour);
}

TEST(ColourMeter, FindsMutedColoursBelowATint) {
  const Dye dye = [](double x, double y, double luma) {
    const auto [cb, cr] = test::sepia(x, y, luma);
    const auto [more_cb, more_cr] = test::muted(x, y, luma);
    return std::pair{cb + more_cb, cr + more_cr};
  };
  EXPECT_GT(of_print(dye).share, 2 * kInColour);
}

TEST(ColourMeter, CountsALogoAndACaptionByTheirSize) {
  EXPECT_LT(of_print(test::with_sign(test::sepia, 0.85, 0.05, 0.1, 0.1)).share, kWithoutColour);
  EXPECT_LT(of_print(test::with_sign(test::undyed, 0.2, 0.88, 0.6, 0.06)).share, kInColour);
  EXPECT_GT(of_print(test::with_sign(test::undyed, 0.3, 0.3, 0.4, 0.5)).share, kInColour);
}

TEST(ColourMeter, FindsTheSameInAFade) {
  for (const double gain : {0.6, 0.4}) {
    EXPECT_GT(of_print(test::muted, gain).share, 2 * kInColour) << gain;
    EXPECT_LT(of_print(test::sepia, gain).share, kWithoutColour) << gain;
  }
}

TEST(ColourMeter, SaysThatDarkFramesDoNotTell) {
  for (const double gain : {0.0, 0.02, 0.15}) {
    const OwnColour own = of_print(test::sepia, gain);
    EXPECT_FALSE(own.tells) << gain;
    EXPECT_LT(own.share, kInColour) << gain;
  }
}

TEST(ColourMeter, DoesNotCountTheBordersOfThePicture) {
  // Colour in the middle third, black beside it.
  SyntheticFrame frame(CGAN_FORMAT_I420, 480, 360);
  test::print(frame, test::muted);
  const float whole = measured(frame, 480, 360).share;
  for (int64_t y = 0; y < 360; ++y) {
    for (int64_t x = 0; x < 480; ++x) {
      if (x >= 160 && x < 320) continue;
      frame.set_luma(x, y, 16);
      frame.set_cb(x / 2, y / 2, 128);
      frame.set_cr(x / 2, y / 2, 128);
    }
  }
  EXPECT_GT(measured(frame, 480, 360).share, 0.5f * whole);
}

TEST(ColourMeter, FindsTheSameInEveryFormatAtOddSizesAndAddresses) {
  for (const PixelFormat& format : kPixelFormats) {
    if (!format.has_chroma()) continue;
    SyntheticFrame colours(format.format, 481, 363, 3, 1), print(format.format, 481, 363, 3, 1);
    test::print(colours, test::muted);
    test::print(print, test::sepia);
    SyntheticFrame plain(CGAN_FORMAT_Y444, 481, 363);
    test::print(plain, test::muted);
    EXPECT_NEAR(measured(colours, 481, 363).share, measured(plain, 481, 363).share, 0.05f)
        << format.name;
    EXPECT_LT(measured(print, 481, 363).share, 0.01f) << format.name;
    EXPECT_TRUE(measured(print, 481, 363).tells) << format.name;
  }
}

TEST(ColourMeter, LooksAtFramesOfOnePixel) {
  for (const PixelFormat& format : kPixelFormats) {
    if (!format.has_chroma()) continue;
    SyntheticFrame frame(format.format, 1, 1);
    frame.set_luma(0, 0, 100 << (format.depth - 8));
    frame.set_cb(0, 0, 0);
    EXPECT_EQ(measured(frame, 1, 1).share, 0.0f) << format.name;
  }
}

}  // namespace
}  // namespace cgan
