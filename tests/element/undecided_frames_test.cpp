#include "plugin/element/undecided_frames.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

using cgan::QosAction;
using cgan::UndecidedFrames;

class UndecidedFramesTest : public testing::Test {
 protected:
  void push(GstClockTime time, QosAction action, guint pictures = 1) {
    GstBuffer* frame = gst_buffer_new();
    GST_BUFFER_PTS(frame) = time;
    GstSegment segment;
    gst_segment_init(&segment, GST_FORMAT_TIME);
    frames_.push({cgan::FrameTimes(segment, frame), action, {}, pictures});
    gst_buffer_unref(frame);
  }
  // The times of those that are told after so many more pictures.
  std::vector<GstClockTime> take(uint64_t generated, uint64_t carried, uint64_t kept = 0) {
    counts_.generated += generated;
    counts_.carried += carried;
    counts_.kept += kept;
    std::vector<GstClockTime> times;
    frames_.take(counts_, [&](const auto& frame) { times.push_back(frame.times.timestamp); });
    return times;
  }

  CganCounts counts_ = {};
  UndecidedFrames frames_;
};

using Times = std::vector<GstClockTime>;

TEST_F(UndecidedFramesTest, TheOneThatIsDecidedIsTheEarliest) {
  push(0, QosAction::kNone);
  push(1, QosAction::kCarry);
  push(2, QosAction::kDrop);
  push(3, QosAction::kCarry);
  EXPECT_EQ(take(0, 0), Times{});
  EXPECT_EQ(take(1, 0), Times{});
  EXPECT_EQ(take(0, 1), Times{1});
  EXPECT_EQ(take(0, 1), Times{2});
  EXPECT_EQ(take(0, 0, 1), Times{}) << "it kept its own colour";
  EXPECT_EQ(take(0, 1), Times{}) << "there is none";
}

TEST_F(UndecidedFramesTest, OneThatBeginsAShotIsNotTold) {
  push(0, QosAction::kCarry);
  push(1, QosAction::kCarry);
  EXPECT_EQ(take(1, 0), Times{});
  EXPECT_EQ(take(0, 1), Times{1});
}

TEST_F(UndecidedFramesTest, OneThatWasNotLateIsNotTold) {
  push(0, QosAction::kNone);
  push(1, QosAction::kCarry);
  EXPECT_EQ(take(0, 1), Times{}) << "refresh asks for it";
  EXPECT_EQ(take(0, 1), Times{1});
}

TEST_F(UndecidedFramesTest, TwoFieldsAreToldOnceWhenBothAreDecided) {
  push(0, QosAction::kCarry, 2);
  push(1, QosAction::kCarry, 2);
  EXPECT_EQ(take(0, 1), Times{});
  EXPECT_EQ(take(1, 0), Times{0}) << "a shot begins in the middle of it";
  EXPECT_EQ(take(0, 2), Times{1});
}

TEST_F(UndecidedFramesTest, AllThatAreDecidedAtOnceAreTold) {
  for (GstClockTime time = 0; time < 4; ++time) push(time, QosAction::kCarry);
  EXPECT_EQ(take(0, 4), (Times{0, 1, 2, 3}));
}

TEST_F(UndecidedFramesTest, NoneIsLeftOfFramesBefore) {
  push(0, QosAction::kCarry);
  counts_.generated = 7;
  counts_.carried = 5;
  frames_.begin(counts_);
  push(1, QosAction::kCarry);
  EXPECT_EQ(take(0, 1), Times{1});
}

}  // namespace
