// Many rounds of states leave nothing behind. At the end of the program the leaks tracer looks for
// objects that are left.

#include <gtest/gtest.h>
#include <malloc.h>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

// Sanitizers have an allocator of their own, of which this says nothing.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCountsAllocated = false;
#else
constexpr bool kCountsAllocated = true;
#endif

// By this process, bytes.
long allocated_size() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<long>(info.uordblks + info.hblkhd);
}

TEST(CyclesTest, OneThousandRoundsOfStatesLeaveNothingBehind) {
  constexpr int kRounds = 1000, kWarm = 100;
  GstElement* pipeline = gst_parse_launch(
      "videotestsrc num-buffers=6 ! video/x-raw,format=I420,width=320,height=240 ! "
      "cgancolorize lookahead=2 ! fakesink sync=false",
      nullptr);
  ASSERT_NE(pipeline, nullptr);
  long warm = 0;
  for (int round = 0; round < kRounds; ++round) {
    if (round == kWarm) warm = allocated_size();
    // From each state at a time straight down, of the two above also before the first frame.
    for (const GstState up : {GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING}) {
      ASSERT_NE(gst_element_set_state(pipeline, up), GST_STATE_CHANGE_FAILURE);
      if (round % 2 == 0) {
        ASSERT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND),
                  GST_STATE_CHANGE_SUCCESS);
      }
      ASSERT_EQ(fake_record().alive, 1);
      if (round % 3 == up - GST_STATE_READY) break;
    }
    ASSERT_EQ(gst_element_set_state(pipeline, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
    ASSERT_EQ(fake_record().alive, 0);
  }
  // A frame that is lost in each round would be 100 MB, an object of 300 bytes a quarter of one.
  if (kCountsAllocated) {
    EXPECT_LT(allocated_size() - warm, 1 << 18);
  }
  gst_object_unref(pipeline);
}

TEST(CyclesTest, OneHundredPipelinesComeAndGo) {
  for (int round = 0; round < 100; ++round) {
    GstElement* pipeline = gst_parse_launch(
        "videotestsrc num-buffers=2 ! video/x-raw,format=I420,width=32,height=32 ! cgancolorize "
        "name=c ! fakesink sync=false",
        nullptr);
    ASSERT_NE(pipeline, nullptr);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstBus* bus = gst_element_get_bus(pipeline);
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, 20 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
    ASSERT_NE(message, nullptr);
    EXPECT_EQ(GST_MESSAGE_TYPE(message), GST_MESSAGE_EOS);
    gst_message_unref(message);
    gst_object_unref(bus);
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
  }
  EXPECT_EQ(fake_record().alive, 0);
}

}  // namespace
