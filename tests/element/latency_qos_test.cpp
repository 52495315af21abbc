// Late frames, and the statistics on the bus.

#include "plugin/element/latency_qos.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

const std::string kCaps = caps_text("I420", 64, 48);
constexpr GstClockTime kFrame = 40 * GST_MSECOND;

struct Unref {
  void operator()(GstMessage* message) const { gst_message_unref(message); }
};
using Message = std::unique_ptr<GstMessage, Unref>;

// One frame of 40 ms; whether one comes out.
bool push(ColorizeHarness& harness, GstClockTime time) {
  GstBuffer* frame = make_frame(kCaps);
  GST_BUFFER_PTS(frame) = time;
  GST_BUFFER_DURATION(frame) = kFrame;
  EXPECT_EQ(gst_harness_push(harness.get(), frame), GST_FLOW_OK);
  GstBuffer* out = gst_harness_try_pull(harness.get());
  const bool comes = out != nullptr;
  gst_clear_buffer(&out);
  return comes;
}

void say_late(ColorizeHarness& harness, GstClockTimeDiff lateness, GstClockTime time,
              GstQOSType type = GST_QOS_TYPE_UNDERFLOW) {
  gst_harness_push_upstream_event(harness.get(), gst_event_new_qos(type, 2.0, lateness, time));
}

Message quality_message(ColorizeHarness& harness) {
  return Message(harness.message(GST_MESSAGE_QOS));
}

guint64 late_count(ColorizeHarness& harness) {
  GstStructure* stats = nullptr;
  g_object_get(harness.element(), "stats", &stats, nullptr);
  guint64 late = 0;
  EXPECT_TRUE(gst_structure_get_uint64(stats, "late", &late));
  gst_structure_free(stats);
  return late;
}

TEST(LatencyQosTest, ALateFrameIsCarriedAndSaysSo) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  gst_harness_query_latency(harness.get());
  EXPECT_TRUE(push(harness, 0));
  EXPECT_EQ(fake_record().look.carried, 0u);
  say_late(harness, GST_SECOND, GST_SECOND);
  EXPECT_TRUE(push(harness, GST_SECOND + kFrame)) << "not dropped";
  EXPECT_EQ(fake_record().look.carried, G_MAXUINT32);
  EXPECT_DOUBLE_EQ(fake_record().look.uncertain, 1.0);
  EXPECT_EQ(late_count(harness), 1u);

  const Message message = quality_message(harness);
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(GST_MESSAGE_SRC(message.get()), GST_OBJECT(harness.element()));
  gboolean is_live = FALSE;
  guint64 running_time = 0, stream_time = 0, timestamp = 0, duration = 0;
  gst_message_parse_qos(message.get(), &is_live, &running_time, &stream_time, &timestamp,
                        &duration);
  EXPECT_TRUE(is_live) << "as the harness is";
  EXPECT_EQ(running_time, GST_SECOND + kFrame);
  EXPECT_EQ(stream_time, GST_SECOND + kFrame);
  EXPECT_EQ(timestamp, GST_SECOND + kFrame);
  EXPECT_EQ(duration, kFrame);
  gint64 jitter = 0;
  gdouble proportion = 0;
  gint quality = 0;
  gst_message_parse_qos_values(message.get(), &jitter, &proportion, &quality);
  EXPECT_EQ(jitter, static_cast<gint64>(GST_SECOND)) << "as the frame before";
  EXPECT_DOUBLE_EQ(proportion, 2.0);
  EXPECT_EQ(quality, 500000);
  GstFormat format;
  guint64 processed = 0, dropped = 0;
  gst_message_parse_qos_stats(message.get(), &format, &processed, &dropped);
  EXPECT_EQ(format, GST_FORMAT_BUFFERS);
  EXPECT_EQ(processed, 2u);
  EXPECT_EQ(dropped, 0u);
}

TEST(LatencyQosTest, AFrameOnTimeIsColouredInFullAgain) {
  ColorizeHarness harness({{"refresh", "3"}});
  harness.set_caps(kCaps);
  say_late(harness, kFrame, 0);
  push(harness, kFrame);
  EXPECT_EQ(fake_record().look.carried, G_MAXUINT32);
  push(harness, 3 * kFrame);
  EXPECT_EQ(fake_record().look.carried, 2u);
  EXPECT_NE(quality_message(harness), nullptr);
  EXPECT_EQ(quality_message(harness), nullptr);
  EXPECT_EQ(late_count(harness), 1u);
}

TEST(LatencyQosTest, ALateFrameThatBeginsAShotIsColouredInFullAndSaysNothing) {
  ColorizeHarness harness({{"model", "cuts"}});
  harness.set_caps(kCaps);
  say_late(harness, GST_SECOND, GST_SECOND);
  EXPECT_TRUE(push(harness, GST_SECOND));
  EXPECT_EQ(quality_message(harness), nullptr);
  EXPECT_EQ(late_count(harness), 0u);
}

TEST(LatencyQosTest, FramesAreDroppedWhereCarryingDoesNotHelp) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  GstClockTime time = GST_SECOND;
  for (guint i = 0; i < cgan::Quality::kTrial; ++i, time += kFrame) {
    say_late(harness, GST_SECOND, time);
    EXPECT_TRUE(push(harness, time));
    EXPECT_NE(quality_message(harness), nullptr);
  }
  say_late(harness, GST_SECOND, time);
  const int frames = fake_record().frames;
  EXPECT_FALSE(push(harness, time));
  EXPECT_EQ(fake_record().frames, frames);
  EXPECT_EQ(late_count(harness), cgan::Quality::kTrial);
  const Message message = quality_message(harness);
  ASSERT_NE(message, nullptr);
  guint64 processed = 0, dropped = 0;
  gst_message_parse_qos_stats(message.get(), nullptr, &processed, &dropped);
  EXPECT_EQ(processed, cgan::Quality::kTrial);
  EXPECT_EQ(dropped, 1u);
  // The next one says that something is missing before it.
  GstBuffer* next = make_frame(kCaps);
  GST_BUFFER_PTS(next) = time + 3 * GST_SECOND;
  next = harness.through(next);
  ASSERT_NE(next, nullptr);
  EXPECT_TRUE(GST_BUFFER_IS_DISCONT(next));
  gst_buffer_unref(next);
}

TEST(LatencyQosTest, WithoutQosLateFramesAreColouredInFull) {
  ColorizeHarness harness({{"qos", "false"}});
  harness.set_caps(kCaps);
  for (GstClockTime time = GST_SECOND; time < 2 * GST_SECOND; time += kFrame) {
    say_late(harness, GST_SECOND, time);
    EXPECT_TRUE(push(harness, time));
    EXPECT_EQ(fake_record().look.carried, 0u);
  }
  EXPECT_EQ(quality_message(harness), nullptr);
}

TEST(LatencyQosTest, TheSinkThatWantsFewerFramesGetsFewer) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  say_late(harness, GST_SECOND, GST_SECOND, GST_QOS_TYPE_THROTTLE);
  EXPECT_FALSE(push(harness, GST_SECOND + kFrame));
  EXPECT_TRUE(push(harness, 2 * GST_SECOND + kFrame));
}

TEST(LatencyQosTest, QosEventsGoOnUpstream) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  while (GstEvent* event = gst_harness_try_pull_upstream_event(harness.get())) {
    gst_event_unref(event);
  }
  say_late(harness, GST_SECOND, 5 * GST_SECOND);
  GstEvent* event = gst_harness_try_pull_upstream_event(harness.get());
  ASSERT_NE(event, nullptr);
  GstClockTime time = 0;
  gst_event_parse_qos(event, nullptr, nullptr, nullptr, &time);
  EXPECT_EQ(time, 5 * GST_SECOND);
  gst_event_unref(event);
}

TEST(LatencyQosTest, LatenessIsForgottenAtAFlushANewSegmentAndAStop) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  const auto is_carried_after = [&](const std::function<void()>& change) {
    say_late(harness, GST_SECOND, GST_SECOND);
    change();
    push(harness, GST_SECOND);
    return fake_record().look.carried > 0;
  };
  EXPECT_TRUE(is_carried_after([] {}));
  EXPECT_FALSE(is_carried_after([&] {
    gst_harness_push_event(harness.get(), gst_event_new_flush_start());
    gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE));
    gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  }));
  EXPECT_FALSE(is_carried_after(
      [&] { gst_harness_push_event(harness.get(), gst_event_new_segment(&segment)); }));
  EXPECT_FALSE(is_carried_after([&] {
    gst_element_set_state(harness.element(), GST_STATE_READY);
    gst_element_set_state(harness.element(), GST_STATE_PLAYING);
    gst_harness_set_src_caps_str(harness.get(), kCaps.c_str());
    gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  }));
}

TEST(LatencyQosTest, StatisticsComeAsMessagesEverySoManySeconds) {
  ColorizeHarness harness({{"stats-interval", "2"}});
  harness.set_caps(kCaps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = 10 * GST_SECOND;
  segment.time = 100 * GST_SECOND;
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  std::vector<GstClockTime> timestamps;
  for (GstClockTime time = 10 * GST_SECOND; time <= 15 * GST_SECOND; time += GST_SECOND / 2) {
    if (time == 11 * GST_SECOND) {  // running time goes on over a segment
      gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
    }
    push(harness, time);
    const Message message(harness.message(GST_MESSAGE_ELEMENT));
    if (message == nullptr) continue;
    const GstStructure* stats = gst_message_get_structure(message.get());
    EXPECT_TRUE(gst_structure_has_name(stats, "cgancolorize-stats"));
    guint64 frames = 0, timestamp = 0, stream_time = 0, running_time = 0;
    EXPECT_TRUE(gst_structure_get(stats, "frames", G_TYPE_UINT64, &frames, "timestamp",
                                  G_TYPE_UINT64, &timestamp, "stream-time", G_TYPE_UINT64,
                                  &stream_time, "running-time", G_TYPE_UINT64, &running_time,
                                  nullptr));
    EXPECT_EQ(frames, static_cast<guint64>(fake_record().frames));
    EXPECT_EQ(stream_time, timestamp + 90 * GST_SECOND);
    EXPECT_EQ(running_time, timestamp - 10 * GST_SECOND);
    timestamps.push_back(timestamp);
  }
  EXPECT_EQ(timestamps, (std::vector<GstClockTime>{12 * GST_SECOND, 14 * GST_SECOND}));
  g_object_set(harness.element(), "stats-interval", 0, nullptr);
  push(harness, 30 * GST_SECOND);
  EXPECT_EQ(harness.message(GST_MESSAGE_ELEMENT), nullptr);
}

}  // namespace
