#include "plugin/element/quality.h"

#include <gtest/gtest.h>

namespace {

using cgan::Help;
using cgan::Quality;

constexpr GstClockTime kFrame = 40 * GST_MSECOND;

TEST(QualityTest, HelpsNoFrameBeforeAnyEvent) {
  Quality quality;
  EXPECT_EQ(quality.judge(0, kFrame), Help::kNone);
  EXPECT_EQ(quality.judge(GST_CLOCK_TIME_NONE, kFrame), Help::kNone);
}

TEST(QualityTest, CarriesFramesUpToTheTimeThatIsOverAndTheOneAfter) {
  Quality quality;
  quality.hear(1.5, 2 * kFrame, GST_SECOND);
  EXPECT_EQ(quality.judge(GST_SECOND + kFrame, kFrame), Help::kCarry);
  EXPECT_EQ(quality.jitter(), static_cast<GstClockTimeDiff>(2 * kFrame));
  EXPECT_DOUBLE_EQ(quality.proportion(), 1.5);
  EXPECT_EQ(quality.judge(GST_SECOND + 2 * kFrame, kFrame), Help::kCarry);
  EXPECT_EQ(quality.judge(GST_SECOND + 3 * kFrame, kFrame), Help::kCarry);
  EXPECT_EQ(quality.judge(GST_SECOND + 4 * kFrame, kFrame), Help::kNone);
  EXPECT_EQ(quality.judge(GST_SECOND + 3 * kFrame, GST_CLOCK_TIME_NONE), Help::kNone);
}

TEST(QualityTest, HelpsNoFrameWhileTheSinkWaits) {
  Quality quality;
  quality.hear(0.5, -static_cast<GstClockTimeDiff>(kFrame / 2), GST_SECOND);
  EXPECT_EQ(quality.judge(GST_SECOND + kFrame, kFrame), Help::kNone);
  EXPECT_EQ(quality.judge(GST_SECOND - kFrame, kFrame), Help::kCarry) << "its time is over";
}

// Frames of one pipeline, each late by `lateness` more than the one before.
Help after_frames(Quality& quality, GstClockTime& time, guint frames, GstClockTimeDiff lateness,
                  GstClockTimeDiff growth) {
  Help help = Help::kNone;
  for (guint i = 0; i < frames; ++i, time += kFrame) {
    quality.hear(2.0, lateness + growth * i, time - kFrame);
    help = quality.judge(time, kFrame);
  }
  return help;
}

TEST(QualityTest, DropsWhereCarryingDoesNotHelpAndTriesAgainAfterTenSeconds) {
  Quality quality;
  GstClockTime time = GST_SECOND;
  EXPECT_EQ(after_frames(quality, time, Quality::kTrial, 100 * GST_MSECOND, GST_MSECOND),
            Help::kCarry);
  EXPECT_EQ(after_frames(quality, time, 1, 120 * GST_MSECOND, 0), Help::kDrop);
  EXPECT_EQ(after_frames(quality, time, 1, 0, 0), Help::kNone) << "on time again";
  EXPECT_EQ(after_frames(quality, time, 1, kFrame, 0), Help::kDrop) << "late again";
  time += Quality::kRetry;
  EXPECT_EQ(after_frames(quality, time, 1, kFrame, 0), Help::kCarry);
}

TEST(QualityTest, CarriesOnWhileTheStreamDrawsNearerToTheClock) {
  Quality quality;
  GstClockTime time = GST_SECOND;
  EXPECT_EQ(after_frames(quality, time, 10 * Quality::kTrial, 2 * GST_SECOND,
                         -static_cast<GstClockTimeDiff>(10 * GST_MSECOND)),
            Help::kCarry);
}

TEST(QualityTest, ForgetsOnReset) {
  Quality quality;
  quality.hear(2.0, GST_SECOND, GST_SECOND);
  EXPECT_EQ(quality.judge(GST_SECOND, kFrame), Help::kCarry);
  quality.reset();
  EXPECT_EQ(quality.judge(GST_SECOND, kFrame), Help::kNone);
}

}  // namespace
