// How many frames may be on their way at once, and who waits for them.

#include "plugin/element/frame_delay.h"

#include <gtest/gtest.h>

#include "plugin/element/idle_drain.h"
#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

using cgan::FrameDelay;

const std::string kCaps = caps_text("I420", 64, 48);
constexpr GstClockTime kFrame = GST_SECOND / 25;

// Longer than the element waits for a further frame.
constexpr auto kPause = 2 * cgan::IdleDrain::kPatience;

TEST(FrameDelayClassTest, RestsForTwiceAsManyFramesEachTime) {
  FrameDelay delay;
  EXPECT_EQ(delay.frames(), 0u);
  delay.choose(3);
  for (guint rest = FrameDelay::kFirstRest; rest <= FrameDelay::kLongestRest; rest *= 2) {
    EXPECT_FALSE(delay.count_frame());
    EXPECT_EQ(delay.frames(), 3u);
    delay.rest();
    for (guint i = 1; i < rest; ++i) {
      ASSERT_FALSE(delay.count_frame());
      ASSERT_EQ(delay.frames(), 0u);
    }
    EXPECT_TRUE(delay.count_frame());
  }
  delay.rest();
  for (guint i = 1; i < FrameDelay::kLongestRest; ++i) ASSERT_FALSE(delay.count_frame());
  EXPECT_TRUE(delay.count_frame());
  delay.rest();
  delay.forget_rests();
  EXPECT_EQ(delay.frames(), 3u);
  delay.rest();
  for (guint i = 1; i < FrameDelay::kFirstRest; ++i) ASSERT_FALSE(delay.count_frame());
  EXPECT_TRUE(delay.count_frame());
}

class FrameDelayTest : public testing::Test {
 protected:
  void SetUp() override { fake_record().best_delay = 3; }
  void TearDown() override { fake_record().best_delay = 0; }
};

// The delay of a stream whose source is live or not.
guint chosen(const char* property, gboolean is_live) {
  ColorizeHarness harness({{"max-frame-delay", property}});
  gst_harness_set_live(harness.get(), is_live);
  harness.set_caps(kCaps);
  const guint delay = fake_record().stream.delay;
  EXPECT_EQ(gst_harness_query_latency(harness.get()), delay * GST_SECOND / 25);
  return delay;
}

TEST_F(FrameDelayTest, IsTheBestOneWhereTheSourceIsNotLiveUnlessTheUserSaysOtherwise) {
  EXPECT_EQ(chosen("-1", FALSE), 3u);
  EXPECT_EQ(chosen("-1", TRUE), 0u);
  EXPECT_EQ(chosen("0", FALSE), 0u);
  EXPECT_EQ(chosen("5", FALSE), 5u);
  EXPECT_EQ(chosen("5", TRUE), 5u);
}

TEST_F(FrameDelayTest, IsNoneWhereNobodySaysWhetherTheSourceIsLive) {
  ColorizeHarness harness;
  gst_pad_set_query_function(harness.get()->srcpad,
                             [](GstPad*, GstObject*, GstQuery*) -> gboolean { return FALSE; });
  harness.set_caps(kCaps);
  EXPECT_EQ(fake_record().stream.delay, 0u);
}

TEST_F(FrameDelayTest, IsChosenAnewForOtherCaps) {
  ColorizeHarness harness;
  gst_harness_set_live(harness.get(), FALSE);
  harness.set_caps(kCaps);
  EXPECT_EQ(fake_record().stream.delay, 3u);
  gst_harness_set_live(harness.get(), TRUE);
  harness.set_caps(caps_text("I420", 32, 32));
  EXPECT_EQ(fake_record().stream.delay, 0u);
}

// Of a source that is not live, with caps.
class NotLive : public ColorizeHarness {
 public:
  explicit NotLive(Properties properties = {}) : ColorizeHarness(properties) {
    gst_harness_set_live(get(), FALSE);
    set_caps(kCaps);
  }
  guint held() const { return static_cast<guint>(gst_harness_query_latency(get()) / kFrame); }
  // Whether so many are held before long: the thread that sees to it has just pushed a frame.
  bool comes_to_hold(guint frames) const {
    for (int i = 0; i < 1000 && held() != frames; ++i) g_usleep(1000);
    return held() == frames;
  }
  void push() { EXPECT_EQ(gst_harness_push(get(), make_frame(kCaps)), GST_FLOW_OK); }
  // Waits for a frame.
  bool pull() {
    GstBuffer* frame = gst_harness_pull(get());
    const bool comes = frame != nullptr;
    gst_clear_buffer(&frame);
    return comes;
  }
  guint waiting() const { return gst_harness_buffers_in_queue(get()); }
};

TEST_F(FrameDelayTest, EndsWhereSomebodyWaitsForEachFrame) {
  fake_record().most_waiting = 0;
  NotLive harness;
  EXPECT_EQ(harness.held(), 3u);
  for (int i = 0; i < 5; ++i) {
    harness.push();
    ASSERT_TRUE(harness.pull());
    EXPECT_TRUE(harness.comes_to_hold(0));
  }
  EXPECT_EQ(fake_record().most_waiting, 1u);
  EXPECT_EQ(harness.waiting(), 0u);
  EXPECT_TRUE(harness.errors().empty());
}

TEST_F(FrameDelayTest, ThatEndsLeavesWhatTheLookaheadHolds) {
  NotLive harness({{"lookahead", "2"}});
  EXPECT_EQ(harness.held(), 5u);
  for (int i = 0; i < 4; ++i) harness.push();
  ASSERT_TRUE(harness.pull());
  ASSERT_TRUE(harness.pull());
  g_usleep(std::chrono::microseconds(kPause).count());
  EXPECT_EQ(harness.waiting(), 0u);
  EXPECT_TRUE(harness.comes_to_hold(2));
  harness.push();
  EXPECT_EQ(harness.waiting(), 1u);
}

TEST_F(FrameDelayTest, ComesBackAfterAFlushAndWithOtherCaps) {
  NotLive harness;
  harness.push();
  ASSERT_TRUE(harness.pull());
  EXPECT_TRUE(harness.comes_to_hold(0));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE));
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  EXPECT_EQ(harness.held(), 3u);
  harness.push();
  ASSERT_TRUE(harness.pull());
  EXPECT_TRUE(harness.comes_to_hold(0));
  harness.set_caps(caps_text("I420", 32, 32));
  EXPECT_EQ(harness.held(), 3u);
}

TEST_F(FrameDelayTest, IsTriedAgainAfterSoManyFramesAndTwiceAsMany) {
  NotLive harness;
  harness.push();
  ASSERT_TRUE(harness.pull());
  for (guint rest : {FrameDelay::kFirstRest, 2 * FrameDelay::kFirstRest}) {
    for (guint i = 1; i < rest; ++i) {
      harness.push();
      EXPECT_EQ(harness.held(), 0u) << i;
      EXPECT_EQ(harness.waiting(), 1u) << i;
      ASSERT_TRUE(harness.pull());
    }
    fake_record().most_waiting = 0;
    harness.push();
    ASSERT_TRUE(harness.pull());
    EXPECT_EQ(fake_record().most_waiting, 1u) << "it was held until nothing came";
  }
  EXPECT_TRUE(harness.errors().empty());
}

TEST_F(FrameDelayTest, ThatTheUserAskedForStays) {
  NotLive harness({{"max-frame-delay", "2"}});
  harness.push();
  g_usleep(std::chrono::microseconds(kPause).count());
  EXPECT_EQ(harness.waiting(), 0u);
  EXPECT_EQ(harness.held(), 2u);
}

// The latency of the element and of what is before it in a pipeline that has been paused for longer
// than frames wait for others.
GstClockTime latency_in_pause() {
  GstElement* pipeline = gst_parse_launch(
      "videotestsrc ! video/x-raw,format=I420,width=64,height=48,framerate=25/1 ! cgancolorize "
      "name=c ! fakesink",
      nullptr);
  gst_element_set_state(pipeline, GST_STATE_PAUSED);
  EXPECT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND),
            GST_STATE_CHANGE_SUCCESS);
  g_usleep(std::chrono::microseconds(kPause).count());
  GstElement* element = gst_bin_get_by_name(GST_BIN(pipeline), "c");
  GstPad* pad = gst_element_get_static_pad(element, "src");
  GstQuery* query = gst_query_new_latency();
  EXPECT_TRUE(gst_pad_query(pad, query));
  GstClockTime latency = 0;
  gst_query_parse_latency(query, nullptr, &latency, nullptr);
  gst_query_unref(query);
  gst_object_unref(pad);
  gst_object_unref(element);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return latency;
}

TEST_F(FrameDelayTest, StaysWhereTheFrameThatGoesOutWaitsToBeShown) {
  fake_record().best_delay = 0;
  const GstClockTime of_source = latency_in_pause();
  fake_record().best_delay = 3;
  // A machine that has no time for the source until then is none of this.
  GstClockTime latency = 0;
  for (int i = 0; i < 5 && latency != of_source + 3 * kFrame; ++i) latency = latency_in_pause();
  EXPECT_EQ(latency, of_source + 3 * kFrame);
}

// Around the moment when the frames that wait go out.
TEST_F(FrameDelayTest, MayEndWhileTheStreamIsFlushedOrStopped) {
  const auto patience = std::chrono::microseconds(cgan::IdleDrain::kPatience).count();
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  for (int round = 0; round < 8; ++round) {
    NotLive harness;
    harness.push();
    harness.push();
    g_usleep(static_cast<gulong>(patience - 200 + 100 * (round / 2)));
    if (round % 2 == 0) {
      gst_element_set_state(harness.element(), GST_STATE_READY);
      continue;
    }
    gst_harness_push_event(harness.get(), gst_event_new_flush_start());
    gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE));
    gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
    EXPECT_EQ(harness.held(), 3u);
    for (int i = 0; i < 5; ++i) harness.push();
    EXPECT_GE(harness.waiting(), 2u);
    EXPECT_TRUE(harness.errors().empty());
  }
}

}  // namespace
