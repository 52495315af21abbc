#include "plugin/element/quality.h"

#include <gtest/gtest.h>

namespace {

using cgan::QosAction;
using cgan::Quality;

constexpr GstClockTime kFrame = 40 * GST_MSECOND;

TEST(QualityTest, HelpsNoFrameBeforeAnyEvent) {
  Quality quality;
  EXPECT_EQ(quality.judge(0, kFrame), QosAction::kNone);
  EXPECT_EQ(quality.judge(GST_CLOCK_TIME_NONE, kFrame), QosAction::kNone);
}

TEST(QualityTest, CarriesFramesUpToTheTimeThatIsOverAndTheOneAfter) {
  Quality quality;
  quality.hear(1.5, 2 * kFrame, GST_SECOND);
  EXPECT_EQ(quality.judge(GST_SECOND + kFrame, kFrame), QosAction::kCarry);
  EXPECT_EQ(quality.jitter(), static_cast<GstClockTimeDiff>(2 * kFrame));
  EXPECT_DOUBLE_EQ(quality.proportion(), 1.5);
  EXPECT_EQ(quality.judge(GST_SECOND + 2 * kFrame, kFrame), QosAction::kCarry);
  EXPECT_EQ(quality.judge(GST_SECOND + 3 * kFrame, kFrame), QosAction::kCarry);
  EXPECT_EQ(quality.judge(GST_SECOND + 4 * kFrame, kFrame), QosAction::kNone);
  EXPECT_EQ(quality.judge(GST_SECOND + 3 * kFrame, GST_CLOCK_TIME_NONE), QosAction::kNone);
}

TEST(QualityTest, HelpsNoFrameWhileTheSinkWaits) {
  Quality quality;
  quality.hear(0.5, -static_cast<GstClockTimeDiff>(kFrame / 2), GST_SECOND);
  EXPECT_EQ(quality.judge(GST_SECOND + kFrame, kFrame), QosAction::kNone);
  EXPECT_EQ(quality.judge(GST_SECOND - kFrame, kFrame), QosAction::kCarry) << "its time is over";
}

// Frames of one pipeline, each late by `lateness` more than the one before.
QosAction after_frames(Quality& quality, GstClockTime& time, guint frames,
                       GstClockTimeDiff lateness, GstClockTimeDiff growth) {
  QosAction action = QosAction::kNone;
  for (guint i = 0; i < frames; ++i, time += kFrame) {
    quality.hear(2.0, lateness + growth * i, time - kFrame);
    action = quality.judge(time, kFrame);
  }
  return action;
}

TEST(QualityTest, DropsWhereCarryingDoesNotHelpAndTriesAgainAfterTenSeconds) {
  Quality quality;
  GstClockTime time = GST_SECOND;
  EXPECT_EQ(after_frames(quality, time, Quality::kTrial, 100 * GST_MSECOND, GST_MSECOND),
            QosAction::kCarry);
  EXPECT_EQ(after_frames(quality, time, 1, 120 * GST_MSECOND, 0), QosAction::kDrop);
  EXPECT_EQ(after_frames(quality, time, 1, 0, 0), QosAction::kNone) << "on time again";
  EXPECT_EQ(after_frames(quality, time, 1, kFrame, 0), QosAction::kDrop) << "late again";
  time += Quality::kRetry;
  EXPECT_EQ(after_frames(quality, time, 1, kFrame, 0), QosAction::kCarry);
}

TEST(QualityTest, WaitsForTheFramesThatCarryBehindThoseOnTheirWay) {
  Quality quality;
  constexpr guint kHeld = 16;
  GstClockTime time = GST_SECOND;
  for (guint i = 0; i < Quality::kTrial + kHeld; ++i, time += kFrame) {
    quality.hear(2.0, 100 * GST_MSECOND + GST_MSECOND * i, time - kFrame);
    ASSERT_EQ(quality.judge(time, kFrame, kHeld), QosAction::kCarry) << "frame " << i;
  }
  quality.hear(2.0, 200 * GST_MSECOND, time - kFrame);
  EXPECT_EQ(quality.judge(time, kFrame, kHeld), QosAction::kDrop);
}

TEST(QualityTest, CarriesOnWhileTheStreamDrawsNearerToTheClock) {
  Quality quality;
  GstClockTime time = GST_SECOND;
  EXPECT_EQ(after_frames(quality, time, 10 * Quality::kTrial, 2 * GST_SECOND,
                         -static_cast<GstClockTimeDiff>(10 * GST_MSECOND)),
            QosAction::kCarry);
}

TEST(QualityTest, ForgetsOnReset) {
  Quality quality;
  quality.hear(2.0, GST_SECOND, GST_SECOND);
  EXPECT_EQ(quality.judge(GST_SECOND, kFrame), QosAction::kCarry);
  quality.reset();
  EXPECT_EQ(quality.judge(GST_SECOND, kFrame), QosAction::kNone);
}

}  // namespace
