// Interlaced film: which rows the colorizer is told of, and when.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

const std::string kInterleaved = caps_text("I420", 64, 48, "interlace-mode=interleaved");
const std::string kMixed = caps_text("I420", 64, 48, "interlace-mode=mixed");

constexpr guint kTopFirst = GST_VIDEO_BUFFER_FLAG_INTERLACED | GST_VIDEO_BUFFER_FLAG_TFF;
constexpr guint kBottomFirst = GST_VIDEO_BUFFER_FLAG_INTERLACED;

class FieldsTest : public testing::Test {
 protected:
  void SetUp() override { fake_record().scans.clear(); }

  // Pushes a frame with these flags and expects it back with them, its luma and coloured chroma.
  static void colour(ColorizeHarness& harness, const std::string& caps, guint flags) {
    GstBuffer* frame = make_frame(caps);
    GST_BUFFER_FLAG_SET(frame, flags);
    const auto luma = plane_of(frame, caps, 0);
    GstBuffer* result = harness.through(frame);
    ASSERT_NE(result, nullptr);
    constexpr guint kAll = GST_VIDEO_BUFFER_FLAG_INTERLACED | GST_VIDEO_BUFFER_FLAG_TFF |
                           GST_VIDEO_BUFFER_FLAG_RFF | GST_VIDEO_BUFFER_FLAG_ONEFIELD;
    EXPECT_EQ(GST_BUFFER_FLAGS(result) & kAll, flags);
    EXPECT_EQ(plane_of(result, caps, 0), luma);
    for (const int code : codes_of(result, caps, 1)) ASSERT_EQ(code, 160);
    gst_buffer_unref(result);
  }
};

TEST_F(FieldsTest, AreColouredInTheOrderThatEachFrameSays) {
  ColorizeHarness harness({{"max-frame-delay", "0"}});
  harness.set_caps(kInterleaved);
  EXPECT_EQ(fake_record().stream.interlaced, 1);
  colour(harness, kInterleaved, kTopFirst);
  colour(harness, kInterleaved, kBottomFirst);
  colour(harness, kInterleaved, kTopFirst | GST_VIDEO_BUFFER_FLAG_RFF);
  EXPECT_EQ(fake_record().scans, "TBBTTB");
}

TEST_F(FieldsTest, AreColouredInTheOrderOfTheCapsWhereTheyNameOne) {
  for (const auto& [order, scans] :
       {std::pair("top-field-first", "TB"), std::pair("bottom-field-first", "BT")}) {
    fake_record().scans.clear();
    ColorizeHarness harness({{"max-frame-delay", "0"}});
    const std::string caps =
        caps_text("I420", 64, 48, std::string("interlace-mode=interleaved, field-order=") + order);
    harness.set_caps(caps);
    colour(harness, caps, GST_VIDEO_BUFFER_FLAG_INTERLACED);
    EXPECT_EQ(fake_record().scans, scans);
  }
}

TEST_F(FieldsTest, OfMixedFilmAreThoseOfInterlacedFramesAlone) {
  ColorizeHarness harness({{"max-frame-delay", "0"}});
  harness.set_caps(kMixed);
  EXPECT_EQ(fake_record().stream.interlaced, 1);
  colour(harness, kMixed, 0);
  colour(harness, kMixed, kBottomFirst);
  colour(harness, kMixed, GST_VIDEO_BUFFER_FLAG_TFF);
  colour(harness, kMixed, kTopFirst);
  EXPECT_EQ(fake_record().scans, "FBTFTB");
}

TEST_F(FieldsTest, OfWholeFramesAreNone) {
  ColorizeHarness harness;
  const std::string caps = caps_text("I420", 64, 48);
  harness.set_caps(caps);
  EXPECT_EQ(fake_record().stream.interlaced, 0);
  colour(harness, caps, 0);
  EXPECT_EQ(fake_record().scans, "F");
}

TEST_F(FieldsTest, WaitWithTheirFrameForLaterOnes) {
  fake_record().most_waiting = 0;
  ColorizeHarness harness({{"max-frame-delay", "2"}});
  harness.set_caps(kInterleaved);
  EXPECT_EQ(fake_record().stream.delay, 2u);
  for (int i = 0; i < 6; ++i) {
    GstBuffer* frame = make_frame(kInterleaved);
    GST_BUFFER_FLAG_SET(frame, i % 2 == 0 ? kTopFirst : kBottomFirst);
    ASSERT_EQ(gst_harness_push(harness.get(), frame), GST_FLOW_OK);
  }
  ASSERT_TRUE(gst_harness_push_event(harness.get(), gst_event_new_eos()));
  EXPECT_EQ(gst_harness_buffers_received(harness.get()), 6u);
  EXPECT_EQ(fake_record().scans, "TBBTTBBTTBBT");
  EXPECT_EQ(fake_record().most_waiting, 6u);
}

TEST_F(FieldsTest, WithALookaheadAreOnTheirWayOneFrameAtATime) {
  fake_record().best_delay = 3;
  ColorizeHarness harness({{"lookahead", "1"}});
  harness.set_caps(kMixed);
  EXPECT_EQ(fake_record().stream.delay, 0u);
  fake_record().best_delay = 0;
}

}  // namespace
