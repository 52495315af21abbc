#include "plugin/colorizer/shot/shot_colour.h"

#include <gtest/gtest.h>

namespace cgan {
namespace {

constexpr OwnColour kColour = {0.5f, true}, kGray = {0.0f, true}, kDark = {0.0f, false};
constexpr OwnColour kBetween = {0.09f, true}, kLittleColour = {0.15f, true};

/// Frames in a row; what is said of the last.
bool say(ShotColour& shots, const OwnColour& own, int frames, bool begins = false) {
  bool result = shots.judge(own, begins, false);
  for (int i = 1; i < frames; ++i) result = shots.judge(own, false, false);
  return result;
}

TEST(ShotColour, DecidesAtTheFirstFrameAndForThatShot) {
  ShotColour shots;
  EXPECT_TRUE(say(shots, kColour, 1, true));
  EXPECT_FALSE(say(shots, kGray, 1, true));
  EXPECT_TRUE(say(shots, kLittleColour, 1, true));
  EXPECT_FALSE(say(shots, kBetween, 1, true));
}

TEST(ShotColour, WaitsThroughTheDarkAsTheShotBefore) {
  ShotColour shots;
  EXPECT_FALSE(say(shots, kDark, 30, true)) << "at the beginning: black-and-white";
  EXPECT_TRUE(say(shots, kColour, 1));
  EXPECT_TRUE(say(shots, kDark, 30, true));
  EXPECT_FALSE(say(shots, kGray, 1));
  EXPECT_FALSE(say(shots, kDark, 30, true));
}

TEST(ShotColour, KeepsItsMindThroughAFadeToBlackAndAnythingShort) {
  ShotColour shots;
  say(shots, kColour, 1, true);
  EXPECT_TRUE(say(shots, kDark, 500));
  EXPECT_TRUE(say(shots, kGray, 47));
  EXPECT_TRUE(say(shots, kColour, 1));
  EXPECT_TRUE(say(shots, kGray, 47));
  EXPECT_TRUE(say(shots, kBetween, 500));

  say(shots, kGray, 1, true);
  EXPECT_FALSE(say(shots, kColour, 11));
  EXPECT_FALSE(say(shots, kGray, 1));
  EXPECT_FALSE(say(shots, kColour, 11));
  EXPECT_FALSE(say(shots, kBetween, 500));
  EXPECT_FALSE(say(shots, kLittleColour, 500));
}

TEST(ShotColour, GivesWayToAllThatIsSustained) {
  ShotColour shots;
  say(shots, kGray, 1, true);
  EXPECT_TRUE(say(shots, kColour, 12));
  EXPECT_FALSE(say(shots, kGray, 48));
}

TEST(ShotColour, ReturnsToTheShotThatDamageInterrupted) {
  ShotColour shots;
  say(shots, kColour, 5, true);
  EXPECT_FALSE(say(shots, kGray, 1, true)) << "one damaged frame";
  EXPECT_TRUE(shots.judge(kGray, false, true));
  EXPECT_TRUE(say(shots, kColour, 3));
}

TEST(ShotColour, ForgetsAtAJump) {
  ShotColour shots;
  say(shots, kColour, 5, true);
  shots.reset();
  EXPECT_FALSE(say(shots, kDark, 1, true));
}

}  // namespace
}  // namespace cgan
