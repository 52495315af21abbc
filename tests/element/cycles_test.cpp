// Many rounds of states leave nothing behind. At the end of the program the leaks tracer looks for
// objects that are left.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

// Sanitizers keep what is freed for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kFreesAtOnce = false;
#else
constexpr bool kFreesAtOnce = true;
#endif

// Of this process, bytes.
long resident_size() {
  long all = 0, resident = 0;
  FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  EXPECT_EQ(std::fscanf(file, "%ld %ld", &all, &resident), 2);
  std::fclose(file);
  return resident * sysconf(_SC_PAGESIZE);
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
    if (round == kWarm) warm = resident_size();
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
  // A frame that is lost in each round would be 100 MB, an object of 1000 bytes one.
  if (kFreesAtOnce) {
    EXPECT_LT(resident_size() - warm, 1 << 20);
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
