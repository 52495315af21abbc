// Frames that wait for later ones: order, latency, what makes them go out early. The fake colorizer
// refuses a frame that is not the one it was given. All that holds for the lookahead holds for the
// delay.

#include "plugin/element/frame_flow.h"

#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

const std::string kCaps = caps_text("I420", 64, 48);
constexpr GstClockTime kFrame = 40 * GST_MSECOND;

// Frame `number` says its number in its first pixel, its times, its offset and a meta.
GstBuffer* numbered(int number, const std::string& caps = kCaps) {
  GstBuffer* frame = make_frame(caps);
  const auto code = static_cast<guint8>(20 + number);
  gst_buffer_fill(frame, 0, &code, 1);
  GST_BUFFER_PTS(frame) = number * kFrame;
  GST_BUFFER_DURATION(frame) = kFrame;
  gst_buffer_add_video_region_of_interest_meta(frame, "face", number, 0, 8, 8);
  return frame;
}

void push(ColorizeHarness& harness, int number, const std::string& caps = kCaps) {
  EXPECT_EQ(gst_harness_push(harness.get(), numbered(number, caps)), GST_FLOW_OK) << number;
}

// The numbers of the frames that have come out since.
std::vector<int> arrived(ColorizeHarness& harness) {
  std::vector<int> numbers;
  while (GstBuffer* frame = gst_harness_try_pull(harness.get())) {
    guint8 code = 0;
    gst_buffer_extract(frame, 0, &code, 1);
    const int number = code - 20;
    EXPECT_EQ(GST_BUFFER_PTS(frame), number * kFrame);
    EXPECT_EQ(GST_BUFFER_DURATION(frame), kFrame);
    const auto* region = gst_buffer_get_video_region_of_interest_meta_id(frame, 0);
    EXPECT_TRUE(region != nullptr && region->x == static_cast<guint>(number));
    numbers.push_back(number);
    gst_buffer_unref(frame);
  }
  return numbers;
}

using Numbers = std::vector<int>;

// The property by which frames are held.
class FrameFlowTest : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(By, FrameFlowTest, testing::Values("lookahead", "max-frame-delay"),
                         [](const auto& info) {
                           return info.param == std::string("lookahead") ? "Lookahead" : "Delay";
                         });

TEST_P(FrameFlowTest, FramesComeInOrderTwoLaterWithTheirOwnTimesAndMetas) {
  for (const char* format : {"I420", "NV12"}) {
    SCOPED_TRACE(format);
    fake_record().most_waiting = 0;
    ColorizeHarness harness({{GetParam(), "2"}});
    harness.set_caps(kCaps, std::string("video/x-raw, format=") + format);
    for (int i = 0; i < 6; ++i) {
      push(harness, i);
      EXPECT_EQ(arrived(harness), i < 2 ? Numbers{} : Numbers{i - 2});
    }
    EXPECT_EQ(fake_record().most_waiting, 3u);
    gst_harness_push_event(harness.get(), gst_event_new_eos());
    EXPECT_EQ(arrived(harness), (Numbers{4, 5}));
    EXPECT_TRUE(harness.errors().empty());
  }
}

TEST(HeldFramesTest, LookaheadAndDelayAddUp) {
  fake_record().most_waiting = 0;
  ColorizeHarness harness({{"lookahead", "1"}, {"max-frame-delay", "2"}});
  harness.set_caps(kCaps);
  EXPECT_EQ(fake_record().stream.delay, 2u);
  EXPECT_EQ(fake_record().settings.lookahead, 1u);
  for (int i = 0; i < 6; ++i) {
    push(harness, i);
    EXPECT_EQ(arrived(harness), i < 3 ? Numbers{} : Numbers{i - 3});
  }
  EXPECT_EQ(fake_record().most_waiting, 4u);
  EXPECT_EQ(gst_harness_query_latency(harness.get()), 3 * kFrame);
}

TEST(HeldFramesTest, ThereIsNoDelayWhereTheNetworkMayNotRunOnEachFrame) {
  for (const char* refresh : {"0", "2"}) {
    ColorizeHarness harness({{"max-frame-delay", "2"}, {"refresh", refresh}});
    harness.set_caps(kCaps);
    EXPECT_EQ(fake_record().stream.delay, 0u);
    push(harness, 0);
    EXPECT_EQ(arrived(harness), Numbers{0});
    g_object_set(harness.element(), "refresh", 1, nullptr);
    harness.set_caps(caps_text("I420", 64, 32));
    EXPECT_EQ(fake_record().stream.delay, 2u);
    EXPECT_EQ(gst_harness_query_latency(harness.get()), 2 * kFrame);
  }
}

TEST(HeldFramesTest, NoneHeldMeansThatEachFrameComesOutAtOnce) {
  fake_record().most_waiting = 0;
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  push(harness, 0);
  EXPECT_EQ(arrived(harness), Numbers{0});
  EXPECT_EQ(fake_record().most_waiting, 0u);
  EXPECT_EQ(gst_harness_query_latency(harness.get()), 0u);
  EXPECT_EQ(harness.message(GST_MESSAGE_LATENCY), nullptr);
}

TEST_P(FrameFlowTest, TheLatencyIsThatOfTheHeldFramesAtTheirRate) {
  ColorizeHarness harness({{GetParam(), "3"}});
  gst_harness_set_upstream_latency(harness.get(), 7 * GST_MSECOND);
  harness.set_caps("video/x-raw, format=I420, width=64, height=48, framerate=50/1");
  EXPECT_EQ(gst_harness_query_latency(harness.get()), 67 * GST_MSECOND);
  harness.set_caps("video/x-raw, format=I420, width=64, height=48, framerate=0/1");
  EXPECT_EQ(gst_harness_query_latency(harness.get()), 127 * GST_MSECOND) << "25 frames a second";
}

TEST_P(FrameFlowTest, AMessageAnnouncesEveryChangeOfLatency) {
  ColorizeHarness harness({{GetParam(), "3"}});
  const auto announced = [&] {
    int count = 0;
    while (GstMessage* message = harness.message(GST_MESSAGE_LATENCY)) {
      gst_message_unref(message);
      ++count;
    }
    return count;
  };
  // What the frames of a stream are worth is known with its caps.
  const bool is_known_at_start = GetParam() == std::string("lookahead");
  EXPECT_EQ(announced(), is_known_at_start ? 1 : 0);
  harness.set_caps(kCaps);
  EXPECT_EQ(announced(), is_known_at_start ? 0 : 1) << "the rate that was expected";
  harness.set_caps("video/x-raw, format=I420, width=64, height=48, framerate=50/1");
  EXPECT_EQ(announced(), 1);
  harness.set_caps("video/x-raw, format=I420, width=32, height=48, framerate=50/1");
  EXPECT_EQ(announced(), 0) << "another size";
  gst_element_set_state(harness.element(), GST_STATE_READY);
  g_object_set(harness.element(), GetParam(), 1, nullptr);
  gst_element_set_state(harness.element(), GST_STATE_PAUSED);
  EXPECT_EQ(announced(), 1);
}

// The least number of buffers in the first pool that upstream is asked for; -1: there is none.
int least_buffers(const char* property, const char* held, const std::string& downstream,
                  guint of_downstream) {
  ColorizeHarness harness({{property, held}});
  GstStructure* structure = gst_structure_new_empty("unused");
  gst_harness_add_propose_allocation_meta(harness.get(), GST_VIDEO_META_API_TYPE, structure);
  gst_structure_free(structure);
  harness.set_caps(kCaps, downstream);
  GstCaps* caps = gst_caps_from_string(kCaps.c_str());
  GstQuery* query = gst_query_new_allocation(caps, TRUE);
  if (of_downstream > 0) gst_query_add_allocation_pool(query, nullptr, 4608, of_downstream, 0);
  EXPECT_TRUE(gst_pad_peer_query(harness.get()->srcpad, query));
  guint least = 0;
  const bool has_pool = gst_query_get_n_allocation_pools(query) > 0;
  if (has_pool) gst_query_parse_nth_allocation_pool(query, 0, nullptr, nullptr, &least, nullptr);
  gst_query_unref(query);
  gst_caps_unref(caps);
  return has_pool ? static_cast<int>(least) : -1;
}

TEST_P(FrameFlowTest, UpstreamIsAskedForAsManyMoreBuffers) {
  const std::string in_place = "video/x-raw, format=I420", copied = "video/x-raw, format=NV12";
  EXPECT_EQ(least_buffers(GetParam(), "0", copied, 0), 0);
  EXPECT_EQ(least_buffers(GetParam(), "5", copied, 0), 5);
  EXPECT_EQ(least_buffers(GetParam(), "0", in_place, 0), -1) << "the pool is downstream's business";
  EXPECT_EQ(least_buffers(GetParam(), "5", in_place, 0), 5);
  EXPECT_EQ(least_buffers(GetParam(), "5", in_place, 3), 8)
      << "as if downstream had asked for three";
}

TEST_P(FrameFlowTest, HeldFramesGoOutWhereTheirBuffersAreWantedBack) {
  ColorizeHarness harness({{GetParam(), "4"}});
  harness.set_caps(kCaps);
  push(harness, 0);
  push(harness, 1);
  GstQuery* query = gst_query_new_drain();
  gst_pad_peer_query(harness.get()->srcpad, query);
  gst_query_unref(query);
  EXPECT_EQ(arrived(harness), (Numbers{0, 1}));
}

TEST_P(FrameFlowTest, HeldFramesGoOutBeforeASerializedEvent) {
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.base = GST_SECOND;
  const std::function<GstEvent*()> events[] = {
      [] { return gst_event_new_stream_start("next"); },
      [&] { return gst_event_new_segment(&segment); },
      [] { return gst_event_new_gap(GST_SECOND, kFrame); },
      [] { return gst_event_new_segment_done(GST_FORMAT_TIME, 0); },
      [] {
        return gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, gst_structure_new_empty("x"));
      },
      [] { return gst_event_new_eos(); },
  };
  for (const auto& make : events) {
    ColorizeHarness harness({{GetParam(), "4"}});
    harness.set_caps(kCaps);
    push(harness, 0);
    push(harness, 1);
    EXPECT_EQ(arrived(harness), Numbers{});
    GstEvent* event = make();
    SCOPED_TRACE(GST_EVENT_TYPE_NAME(event));
    gst_harness_push_event(harness.get(), event);
    EXPECT_EQ(arrived(harness), (Numbers{0, 1}));
    EXPECT_TRUE(harness.errors().empty());
  }
}

GstEvent* titled(const char* title) {
  return gst_event_new_tag(gst_tag_list_new(GST_TAG_TITLE, title, nullptr));
}

// Of the tags that downstream knows; empty where it knows none.
std::string title(ColorizeHarness& harness) {
  GstEvent* event = gst_pad_get_sticky_event(harness.get()->sinkpad, GST_EVENT_TAG, 0);
  if (event == nullptr) return {};
  GstTagList* tags = nullptr;
  gst_event_parse_tag(event, &tags);
  gchar* text = nullptr;
  EXPECT_TRUE(gst_tag_list_get_string(tags, GST_TAG_TITLE, &text));
  const std::string result = text;
  g_free(text);
  gst_event_unref(event);
  return result;
}

TEST_P(FrameFlowTest, TagsWaitInTheirPlaceAndDriveNoFrameOut) {
  ColorizeHarness harness({{GetParam(), "2"}});
  harness.set_caps(kCaps);
  gst_harness_push_event(harness.get(), titled("at once"));
  EXPECT_EQ(title(harness), "at once");
  push(harness, 0);
  gst_harness_push_event(harness.get(), titled("before 1"));
  push(harness, 1);
  push(harness, 2);
  EXPECT_EQ(arrived(harness), Numbers{0});
  EXPECT_EQ(title(harness), "at once");
  push(harness, 3);
  EXPECT_EQ(arrived(harness), Numbers{1});
  EXPECT_EQ(title(harness), "before 1");
  gst_harness_push_event(harness.get(), titled("after 3"));
  EXPECT_EQ(title(harness), "before 1");
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_EQ(arrived(harness), (Numbers{2, 3}));
  EXPECT_EQ(title(harness), "after 3");
}

TEST_P(FrameFlowTest, TagsOutliveAFlush) {
  ColorizeHarness harness({{GetParam(), "2"}});
  harness.set_caps(kCaps);
  push(harness, 0);
  gst_harness_push_event(harness.get(), titled("kept"));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE));
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  for (int i = 5; i < 8; ++i) push(harness, i);
  EXPECT_EQ(arrived(harness), Numbers{5});
  EXPECT_EQ(title(harness), "kept");
}

TEST_P(FrameFlowTest, HeldFramesGoOutWithTheirOwnCapsBeforeOtherCaps) {
  ColorizeHarness harness({{GetParam(), "4"}});
  harness.set_caps(kCaps);
  push(harness, 0);
  push(harness, 1);
  const std::string other = caps_text("GRAY8", 32, 32);
  gst_harness_set_src_caps_str(harness.get(), other.c_str());
  for (int i = 0; i < 2; ++i) {
    GstBuffer* frame = gst_harness_try_pull(harness.get());
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(gst_buffer_get_size(frame), 64u * 48 * 3 / 2);
    gst_buffer_unref(frame);
  }
  push(harness, 2, other);
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_EQ(arrived(harness), Numbers{2});
  EXPECT_TRUE(harness.errors().empty());
}

TEST_P(FrameFlowTest, HeldFramesGoOutBeforeDownstreamGetsAnotherFormat) {
  ColorizeHarness harness({{GetParam(), "4"}});
  harness.set_caps(kCaps);
  push(harness, 0);
  gst_harness_set_sink_caps_str(harness.get(), "video/x-raw, format=NV12");
  gst_harness_push_upstream_event(harness.get(), gst_event_new_reconfigure());
  push(harness, 1);
  EXPECT_EQ(arrived(harness), Numbers{0});
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_EQ(arrived(harness), Numbers{1});
  EXPECT_NE(harness.out_caps().find("NV12"), std::string::npos);
  EXPECT_TRUE(harness.errors().empty());
}

TEST_P(FrameFlowTest, AFlushDiscardsHeldFrames) {
  ColorizeHarness harness({{GetParam(), "2"}});
  harness.set_caps(kCaps);
  push(harness, 0);
  push(harness, 1);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE));
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  EXPECT_EQ(arrived(harness), Numbers{});
  for (int i = 5; i < 8; ++i) push(harness, i);
  EXPECT_EQ(arrived(harness), Numbers{5});
  EXPECT_TRUE(harness.errors().empty());
}

TEST_P(FrameFlowTest, AJumpIsNotLookedAcross) {
  ColorizeHarness harness({{GetParam(), "4"}});
  harness.set_caps(kCaps);
  push(harness, 0);
  push(harness, 1);
  const int resets = fake_record().resets;
  GstBuffer* far = numbered(200);
  GST_BUFFER_FLAG_SET(far, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push(harness.get(), far);
  EXPECT_EQ(arrived(harness), (Numbers{0, 1}));
  EXPECT_EQ(fake_record().resets, resets + 1);
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_EQ(arrived(harness), Numbers{200});
}

TEST_P(FrameFlowTest, HeldFramesAreGivenBackAtAStop) {
  ColorizeHarness harness({{GetParam(), "4"}});
  harness.set_caps(kCaps);
  GstBuffer* frame = numbered(0);
  gst_buffer_ref(frame);
  gst_harness_push(harness.get(), frame);
  EXPECT_GT(GST_MINI_OBJECT_REFCOUNT_VALUE(frame), 1);
  gst_element_set_state(harness.element(), GST_STATE_READY);
  EXPECT_EQ(GST_MINI_OBJECT_REFCOUNT_VALUE(frame), 1);
  gst_buffer_unref(frame);
}

TEST_P(FrameFlowTest, ControlledPropertiesHaveTheValueOfTheFrameThatGoesOut) {
  ColorizeHarness harness({{GetParam(), "2"}});
  harness.set_caps(kCaps);
  GstControlSource* ramp = gst_interpolation_control_source_new();
  g_object_set(ramp, "mode", GST_INTERPOLATION_MODE_LINEAR, nullptr);
  auto* points = GST_TIMED_VALUE_CONTROL_SOURCE(ramp);
  gst_timed_value_control_source_set(points, 0, 0.0);
  gst_timed_value_control_source_set(points, 10 * kFrame, 1.0);
  gst_object_add_control_binding(
      GST_OBJECT(harness.element()),
      gst_direct_control_binding_new(GST_OBJECT(harness.element()), "strength", ramp));
  gst_object_unref(ramp);
  for (int i = 0; i < 5; ++i) push(harness, i);
  EXPECT_NEAR(fake_record().look.strength, 0.4, 1e-6);
  EXPECT_NEAR(fake_record().finish_look.strength, 0.2, 1e-6);
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_NEAR(fake_record().finish_look.strength, 0.4, 1e-6);
}

TEST_P(FrameFlowTest, AFrameIsLateByTheTimeOfTheOneThatGoesOut) {
  ColorizeHarness harness({{GetParam(), "2"}});
  harness.set_caps(kCaps);
  push(harness, 0);
  push(harness, 1);
  gst_harness_push_upstream_event(harness.get(),
                                  gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 2.0, 1, kFrame));
  push(harness, 2);  // 0 goes out
  EXPECT_EQ(fake_record().look.carried, G_MAXUINT32);
  EXPECT_EQ(arrived(harness), Numbers{0});
  push(harness, 3);
  push(harness, 4);
  push(harness, 5);  // 3 goes out
  EXPECT_EQ(fake_record().look.carried, 0u);
  EXPECT_EQ(arrived(harness), (Numbers{1, 2, 3}));
}

// The numbers of the frames of which QOS messages have come since.
std::vector<int> told_late(ColorizeHarness& harness) {
  std::vector<int> numbers;
  while (GstMessage* message = harness.message(GST_MESSAGE_QOS)) {
    guint64 timestamp = 0;
    gst_message_parse_qos(message, nullptr, nullptr, nullptr, &timestamp, nullptr);
    numbers.push_back(static_cast<int>(timestamp / kFrame));
    gst_message_unref(message);
  }
  return numbers;
}

TEST_P(FrameFlowTest, AFrameThatCarriesItsColourIsTheOneThatIsToldWhenThatIsDecided) {
  ColorizeHarness harness({{GetParam(), "2"}});
  const bool is_delay = GetParam() == std::string("max-frame-delay");
  harness.set_caps(kCaps);
  push(harness, 0);
  push(harness, 1);
  gst_harness_push_upstream_event(harness.get(),
                                  gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 2.0, 1, kFrame));
  // While these are submitted, 0 to 2 go out, which are late.
  const int carried = fake_record().carried;
  push(harness, 2);
  push(harness, 3);
  EXPECT_EQ(told_late(harness), is_delay ? Numbers{} : (Numbers{2, 3}));
  push(harness, 4);
  EXPECT_EQ(told_late(harness), is_delay ? Numbers{2} : Numbers{4});
  push(harness, 5);
  EXPECT_EQ(told_late(harness), is_delay ? Numbers{3} : Numbers{});
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_EQ(told_late(harness), is_delay ? Numbers{4} : Numbers{});
  EXPECT_EQ(fake_record().carried - carried, 3);
  GstStructure* stats = nullptr;
  g_object_get(harness.element(), "stats", &stats, nullptr);
  guint64 late = 0;
  EXPECT_TRUE(gst_structure_get_uint64(stats, "late", &late));
  gst_structure_free(stats);
  EXPECT_EQ(late, 3u);
}

TEST_P(FrameFlowTest, WhereCarryingDoesNotHelpTheFrameThatIsDueIsDropped) {
  ColorizeHarness harness({{GetParam(), "1"}});
  harness.set_caps(kCaps);
  const auto late = [&](int number) {
    gst_harness_push_upstream_event(
        harness.get(), gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 2.0, GST_SECOND, number * kFrame));
    push(harness, number);
  };
  // Twelve that carry, and the one before them that is held.
  for (int i = 0; i < 14; ++i) late(i);
  arrived(harness);
  late(14);
  EXPECT_EQ(arrived(harness), Numbers{}) << "13 is dropped";
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  EXPECT_EQ(arrived(harness), Numbers{14});
  EXPECT_TRUE(harness.errors().empty());
}

TEST_P(FrameFlowTest, AFrameThatCannotBeSubmittedIsOneError) {
  ColorizeHarness harness({{GetParam(), "1"}, {"model", "frame-6"}});
  harness.set_caps(kCaps);
  EXPECT_EQ(gst_harness_push(harness.get(), numbered(0)), GST_FLOW_ERROR);
  EXPECT_EQ(harness.errors().size(), 1u);
  ColorizeHarness other({{GetParam(), "1"}});
  other.set_caps(kCaps);
  EXPECT_EQ(gst_harness_push(other.get(), gst_buffer_new_allocate(nullptr, 10, nullptr)),
            GST_FLOW_ERROR);
  EXPECT_EQ(other.errors().size(), 1u);
}

}  // namespace
