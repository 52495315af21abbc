// How many frames may be on their way at once, and who waits for them.

#include <gtest/gtest.h>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

const std::string kCaps = caps_text("I420", 64, 48);

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

}  // namespace
