// Films of shots in colour and without, through a colorizer that keeps the colour.

#include <gtest/gtest.h>

#include <vector>

#include "plugin/colorizer/colorizer.h"
#include "tests/colorizer/looks.h"
#include "tests/colorizer/own_frames.h"
#include "tests/colorizer/streams.h"
#include "tests/colorizer/substitute_generators.h"

namespace cgan {
namespace {

using test::Dye;
using test::stream_of;
using test::SyntheticFrame;
using test::warm_light;
using test::with_network;

constexpr int64_t kWidth = 241, kHeight = 181;

class KeptColour : public testing::Test {
 protected:
  KeptColour() : colorizer_(with_network(warm_light)) {
    colorizer_.set_stream(stream_of(kWidth, kHeight, CGAN_FORMAT_I420, CGAN_FORMAT_I420));
  }

  /// Whether frames of a scene, one the same as the other, all come out to the bit as they are.
  bool keeps(const Dye& dye, uint32_t scene, int frames = 3, const CganLook& look = test::keeping(),
             double gain = 1.0) {
    int kept = 0;
    for (int i = 0; i < frames; ++i) {
      SyntheticFrame in(CGAN_FORMAT_I420, kWidth, kHeight, 3, 1);
      SyntheticFrame out(CGAN_FORMAT_I420, kWidth, kHeight, 5, 3);
      test::print(in, dye, scene, gain);
      colorizer_.colorize(in.frame(), out.frame(), look);
      EXPECT_EQ(out.bytes(0), in.bytes(0));
      kept += out.bytes(1) == in.bytes(1) && out.bytes(2) == in.bytes(2);
    }
    EXPECT_TRUE(kept == 0 || kept == frames) << kept;
    return kept == frames;
  }

  Colorizer colorizer_;
};

TEST_F(KeptColour, GoesShotByShot) {
  EXPECT_TRUE(keeps(test::muted, 1));
  EXPECT_FALSE(keeps(test::undyed, 2));
  EXPECT_FALSE(keeps(test::sepia, 3));
  EXPECT_TRUE(keeps(test::muted, 4));
  EXPECT_EQ(colorizer_.counts().frames, 12u);
  EXPECT_EQ(colorizer_.counts().kept, 6u);
  EXPECT_EQ(colorizer_.counts().generated, 6u);
  EXPECT_EQ(colorizer_.counts().cuts, 4u);
}

TEST_F(KeptColour, GoesShotByShotAlsoWhereColourIsSteadiedAndCarried) {
  for (const uint32_t carried : {0u, 24u}) {
    CganLook look = test::steady(carried);
    look.on_colour = CGAN_ON_COLOUR_KEEP;
    EXPECT_TRUE(keeps(test::muted, 1, 3, look));
    EXPECT_FALSE(keeps(test::greenish, 2, 3, look));
    EXPECT_TRUE(keeps(test::muted, 4, 3, look));
  }
  EXPECT_EQ(colorizer_.counts().generated, 3u + 1u);
}

TEST_F(KeptColour, IsReplacedWhereThatIsAskedFor) {
  CganLook look = test::keeping();
  look.on_colour = CGAN_ON_COLOUR_RECOLOUR;
  EXPECT_FALSE(keeps(test::muted, 1, 3, look));
  EXPECT_EQ(colorizer_.counts().kept, 0u);
}

TEST_F(KeptColour, GivesWayToTheWholeColourOfTheNetworkWhereThatIsAskedForInAShot) {
  CganLook look = test::steady(24);
  look.on_colour = CGAN_ON_COLOUR_KEEP;
  EXPECT_TRUE(keeps(test::muted, 1, 5, look));
  SyntheticFrame in(CGAN_FORMAT_I420, kWidth, kHeight), late(CGAN_FORMAT_I420, kWidth, kHeight),
      first(CGAN_FORMAT_I420, kWidth, kHeight);
  test::print(in, test::muted, 1);
  look.on_colour = CGAN_ON_COLOUR_RECOLOUR;
  colorizer_.colorize(in.frame(), late.frame(), look);
  colorizer_.reset();
  colorizer_.colorize(in.frame(), first.frame(), look);
  EXPECT_EQ(late.bytes(1), first.bytes(1));
}

TEST_F(KeptColour, IsSeenInAFadeFromBlackAsSoonAsThereIsAny) {
  for (const double gain : {0.0, 0.0, 0.0}) keeps(test::muted, 1, 1, test::keeping(), gain);
  EXPECT_EQ(colorizer_.counts().kept, 0u);
  for (const double gain : {0.4, 0.6, 0.8, 1.0}) {
    EXPECT_TRUE(keeps(test::muted, 1, 1, test::keeping(), gain)) << gain;
  }
  for (const double gain : {0.8, 0.6, 0.4, 0.2, 0.1, 0.0}) {
    EXPECT_TRUE(keeps(test::muted, 1, 1, test::keeping(), gain)) << gain;
  }
}

TEST_F(KeptColour, OutlastsADamagedFrame) {
  EXPECT_TRUE(keeps(test::muted, 1));
  keeps(test::undyed, 9, 1);
  EXPECT_TRUE(keeps(test::muted, 1));
  EXPECT_EQ(colorizer_.counts().kept, 6u);
}

TEST_F(KeptColour, IsForgottenAtAJump) {
  EXPECT_TRUE(keeps(test::muted, 1));
  colorizer_.reset();
  EXPECT_FALSE(keeps(test::undyed, 1, 1)) << "of the same luma: no cut";
}

TEST_F(KeptColour, ComesOutToTheBitInPlaceInEveryFormat) {
  for (const PixelFormat& format : kPixelFormats) {
    if (!format.has_chroma()) continue;
    colorizer_.set_stream(stream_of(kWidth, kHeight, format.format, format.format));
    SyntheticFrame frame(format.format, kWidth, kHeight, 3, 1);
    SyntheticFrame before(format.format, kWidth, kHeight, 3, 1);
    test::print(frame, test::muted);
    test::print(before, test::muted);
    colorizer_.colorize(frame.frame(), frame.frame(), test::keeping());
    for (int plane = 0; plane < 3; ++plane) EXPECT_EQ(frame.bytes(plane), before.bytes(plane));
    EXPECT_EQ(colorizer_.counts().kept, 1u) << format.name;
  }
}

TEST_F(KeptColour, OfGrayFramesIsNoQuestionAndTakesNoLookForCuts) {
  colorizer_.set_stream(stream_of(kWidth, kHeight, CGAN_FORMAT_GRAY8, CGAN_FORMAT_I420));
  SyntheticFrame in(CGAN_FORMAT_GRAY8, kWidth, kHeight), out(CGAN_FORMAT_I420, kWidth, kHeight);
  in.fill_scene(1);
  colorizer_.colorize(in.frame(), out.frame(), test::keeping());
  EXPECT_EQ(colorizer_.counts().cuts, 0u);
  EXPECT_EQ(colorizer_.counts().generated, 1u);
}

}  // namespace
}  // namespace cgan
