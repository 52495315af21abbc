// The element's life: states, live properties, control, threads.

#include "plugin/element/gstcgancolorize.h"

#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>
#include <gtest/gtest.h>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

const std::string kCaps = caps_text("I420", 64, 48);

void set_text(GstElement* element, const char* name, const char* value) {
  gst_util_set_object_arg(G_OBJECT(element), name, value);
}

void push(ColorizeHarness& harness, GstClockTime time = 0) {
  GstBuffer* frame = make_frame(kCaps);
  GST_BUFFER_PTS(frame) = time;
  GstBuffer* result = harness.through(frame);
  ASSERT_NE(result, nullptr);
  gst_buffer_unref(result);
}

TEST(ElementTest, EverySettingReachesTheColorizer) {
  ColorizeHarness harness({{"model", "some-model"},
                           {"device", "cpu"},
                           {"precision", "bf16"},
                           {"work-size", "240"},
                           {"overlap", "0.125"},
                           {"batch", "16"},
                           {"threads", "3"},
                           {"variant", "18446744073709551615"},
                           {"lookahead", "3"}});
  const FakeRecord& record = fake_record();
  EXPECT_EQ(record.model, "some-model");
  EXPECT_EQ(record.device, "cpu");
  EXPECT_EQ(record.settings.precision, CGAN_PRECISION_BF16);
  EXPECT_EQ(record.settings.work_size, 240u);
  EXPECT_DOUBLE_EQ(record.settings.overlap, 0.125);
  EXPECT_EQ(record.settings.batch, 16u);
  EXPECT_EQ(record.settings.threads, 3u);
  EXPECT_EQ(record.settings.variant, G_MAXUINT64);
  EXPECT_EQ(record.settings.lookahead, 3u);
}

TEST(ElementTest, LookChangesWithTheNextFrameWhilePlaying) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  push(harness);
  EXPECT_DOUBLE_EQ(fake_record().look.vividness, 0.0);
  EXPECT_DOUBLE_EQ(fake_record().look.strength, 1.0);
  EXPECT_DOUBLE_EQ(fake_record().look.saturation, 1.0);
  set_text(harness.element(), "vividness", "-0.5");
  set_text(harness.element(), "strength", "0.25");
  set_text(harness.element(), "saturation", "3.5");
  push(harness);
  EXPECT_DOUBLE_EQ(fake_record().look.vividness, -0.5);
  EXPECT_DOUBLE_EQ(fake_record().look.strength, 0.25);
  EXPECT_DOUBLE_EQ(fake_record().look.saturation, 3.5);
}

TEST(ElementTest, WarmthSplitAndWhatBecomesOfColourReachTheColorizer) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  push(harness);
  const CganLook& look = fake_record().look;
  EXPECT_DOUBLE_EQ(look.warmth, 0.0);
  EXPECT_DOUBLE_EQ(look.split, 0.0);
  EXPECT_EQ(look.on_colour, CGAN_ON_COLOUR_KEEP);
  set_text(harness.element(), "warmth", "-0.5");
  set_text(harness.element(), "split", "0.25");
  set_text(harness.element(), "on-color", "recolor");
  push(harness);
  EXPECT_DOUBLE_EQ(look.warmth, -0.5);
  EXPECT_DOUBLE_EQ(look.split, 0.25);
  EXPECT_EQ(look.on_colour, CGAN_ON_COLOUR_RECOLOUR);
}

TEST(ElementTest, SteadinessInTimeReachesTheColorizer) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  push(harness);
  const CganLook& look = fake_record().look;
  EXPECT_DOUBLE_EQ(look.temporal, 0.95);
  EXPECT_DOUBLE_EQ(look.cut_threshold, 0.55);
  EXPECT_EQ(look.carried, 0u);
  set_text(harness.element(), "temporal", "0.5");
  set_text(harness.element(), "cut-threshold", "0.25");
  set_text(harness.element(), "refresh", "6");
  push(harness);
  EXPECT_DOUBLE_EQ(look.temporal, 0.5);
  EXPECT_DOUBLE_EQ(look.cut_threshold, 0.25);
  EXPECT_EQ(look.carried, 5u);
  EXPECT_DOUBLE_EQ(look.uncertain, 1.0);
  set_text(harness.element(), "refresh", "0");
  push(harness);
  EXPECT_GT(look.carried, 5u);
  EXPECT_LT(look.uncertain, 0.5);
}

TEST(ElementTest, StatisticsAreThoseOfTheColorizer) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  push(harness);
  GstStructure* stats = nullptr;
  g_object_get(harness.element(), "stats", &stats, nullptr);
  ASSERT_NE(stats, nullptr);
  guint64 frames = 0, generated = 0, cuts = 0, carried = 0, late = 0, kept = 0;
  EXPECT_TRUE(gst_structure_get(stats, "frames", G_TYPE_UINT64, &frames, "generated", G_TYPE_UINT64,
                                &generated, "cuts", G_TYPE_UINT64, &cuts, "carried", G_TYPE_UINT64,
                                &carried, "late", G_TYPE_UINT64, &late, "kept", G_TYPE_UINT64,
                                &kept, nullptr));
  EXPECT_EQ(frames, static_cast<guint64>(fake_record().frames));
  EXPECT_EQ(generated, static_cast<guint64>(fake_record().generated));
  EXPECT_EQ(cuts, 1u);
  EXPECT_EQ(carried, static_cast<guint64>(fake_record().carried));
  EXPECT_EQ(late, 0u);
  EXPECT_EQ(kept, 3u);
  double network = 0, steady = 0, frame = 0, rate = 0;
  EXPECT_TRUE(gst_structure_get(stats, "network-ms", G_TYPE_DOUBLE, &network, "steady-ms",
                                G_TYPE_DOUBLE, &steady, "frame-ms", G_TYPE_DOUBLE, &frame,
                                "frames-per-second", G_TYPE_DOUBLE, &rate, nullptr));
  EXPECT_DOUBLE_EQ(network, 2.0);
  EXPECT_DOUBLE_EQ(steady, 1.0);
  EXPECT_DOUBLE_EQ(frame, 1.0);
  EXPECT_DOUBLE_EQ(rate, 250.0);
  EXPECT_STREQ(gst_structure_get_string(stats, "device"), "cpu");
  EXPECT_STREQ(gst_structure_get_string(stats, "precision"), "fp32");
  gst_structure_free(stats);
}

/// Pushes a frame marked DISCONT; the times that the colorizer was told to forget, for it.
int resets_at(ColorizeHarness& harness, GstClockTime time, bool is_discont) {
  const int before = fake_record().resets;
  GstBuffer* frame = make_frame(kCaps);
  GST_BUFFER_PTS(frame) = time;
  if (is_discont) GST_BUFFER_FLAG_SET(frame, GST_BUFFER_FLAG_DISCONT);
  GstBuffer* result = harness.through(frame);
  EXPECT_NE(result, nullptr);
  gst_clear_buffer(&result);
  return fake_record().resets - before;
}

TEST(ElementTest, ForgetsTheFramesAtAJumpAndNotAtAGap) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  EXPECT_EQ(resets_at(harness, 0, false), 1) << "the first frame";
  EXPECT_EQ(resets_at(harness, 40 * GST_MSECOND, false), 0);
  EXPECT_EQ(resets_at(harness, 400 * GST_MSECOND, true), 0) << "upstream dropped late frames";
  EXPECT_EQ(resets_at(harness, 9 * GST_SECOND, true), 1);
  EXPECT_EQ(resets_at(harness, 2 * GST_SECOND, true), 1) << "backwards";
  EXPECT_EQ(resets_at(harness, 2 * GST_SECOND + 1, false), 0);
}

TEST(ElementTest, ForgetsTheFramesAtAFlushAndAtANewSegment) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  resets_at(harness, 0, false);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.stop = 10 * GST_SECOND;
  gst_harness_push_event(harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE));
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  EXPECT_EQ(resets_at(harness, 0, false), 1);
  segment.rate = -1;
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  EXPECT_EQ(resets_at(harness, 40 * GST_MSECOND, false), 1);
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  EXPECT_EQ(resets_at(harness, 0, false), 0) << "the same segment again";
}

TEST(ElementTest, StrengthFollowsAControllerByStreamTime) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  GstControlSource* ramp = gst_interpolation_control_source_new();
  g_object_set(ramp, "mode", GST_INTERPOLATION_MODE_LINEAR, nullptr);
  auto* points = GST_TIMED_VALUE_CONTROL_SOURCE(ramp);
  gst_timed_value_control_source_set(points, 0, 0.0);
  gst_timed_value_control_source_set(points, GST_SECOND, 1.0);
  gst_object_add_control_binding(
      GST_OBJECT(harness.element()),
      gst_direct_control_binding_new(GST_OBJECT(harness.element()), "strength", ramp));
  gst_object_unref(ramp);
  // The segment maps timestamp 10 s to stream time 0.
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = 10 * GST_SECOND;
  segment.time = 0;
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  push(harness, 10 * GST_SECOND + 250 * GST_MSECOND);
  EXPECT_NEAR(fake_record().look.strength, 0.25, 1e-6);
  push(harness, 10 * GST_SECOND + 750 * GST_MSECOND);
  EXPECT_NEAR(fake_record().look.strength, 0.75, 1e-6);
}

TEST(ElementTest, ASettingOfTheModelTakesEffectAtTheNextReadyToPaused) {
  ColorizeHarness harness({{"model", "first"}});
  harness.set_caps(kCaps);
  push(harness);
  const int created = fake_record().created;
  set_text(harness.element(), "model", "second");
  push(harness);
  EXPECT_EQ(fake_record().model, "first");
  gst_element_set_state(harness.element(), GST_STATE_READY);
  EXPECT_EQ(fake_record().created, created);
  gst_element_set_state(harness.element(), GST_STATE_PAUSED);
  EXPECT_EQ(fake_record().model, "second");
  EXPECT_EQ(fake_record().created, created + 1);
  EXPECT_EQ(fake_record().alive, 1);
}

TEST(ElementTest, ASettingThatFailsAtPausedIsOneErrorAndCanBeMended) {
  ColorizeHarness harness;
  gst_element_set_state(harness.element(), GST_STATE_READY);
  set_text(harness.element(), "model", "create-1");
  EXPECT_EQ(gst_element_set_state(harness.element(), GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  EXPECT_EQ(harness.errors().size(), 1u);
  EXPECT_EQ(fake_record().alive, 0);
  set_text(harness.element(), "model", "cifar10");
  gst_element_set_state(harness.element(), GST_STATE_READY);
  EXPECT_EQ(gst_element_set_state(harness.element(), GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
}

TEST(ElementTest, GoingThroughReadyKeepsTheModelAndDescribesTheStreamAgain) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  push(harness);
  const int created = fake_record().created, streams = fake_record().streams;
  gst_element_set_state(harness.element(), GST_STATE_READY);
  gst_element_set_state(harness.element(), GST_STATE_PLAYING);
  gst_harness_set_src_caps_str(harness.get(), kCaps.c_str());
  gst_harness_push_event(harness.get(), gst_event_new_segment([] {
                           static GstSegment segment;
                           gst_segment_init(&segment, GST_FORMAT_TIME);
                           return &segment;
                         }()));
  push(harness);
  EXPECT_EQ(fake_record().created, created);
  EXPECT_EQ(fake_record().streams, streams + 1);
}

TEST(ElementTest, PropertiesMayBeSetFromOtherThreadsWhileFramesFlow) {
  ColorizeHarness harness;
  harness.set_caps(kCaps);
  GValue strength = G_VALUE_INIT, model = G_VALUE_INIT;
  g_value_init(&strength, G_TYPE_DOUBLE);
  g_value_set_double(&strength, 0.5);
  g_value_init(&model, G_TYPE_STRING);
  g_value_set_static_string(&model, "a name that is long enough to be on the heap");
  auto* first = gst_harness_stress_property_start_full(harness.get(), "strength", &strength, 1);
  auto* second = gst_harness_stress_property_start_full(harness.get(), "model", &model, 1);
  const gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC / 5;
  while (g_get_monotonic_time() < end) push(harness);
  EXPECT_GT(gst_harness_stress_thread_stop(first), 0u);
  EXPECT_GT(gst_harness_stress_thread_stop(second), 0u);
  g_value_unset(&model);
  g_value_unset(&strength);
  EXPECT_TRUE(harness.errors().empty());
}

TEST(ElementTest, CropIsNotAskedForUpstream) {
  // What is coloured of a larger buffer is its upper left part, wherever a crop meta points.
  for (const char* format : {"I420", "GRAY8"}) {
    ColorizeHarness harness({{"lookahead", "2"}});
    gst_harness_add_propose_allocation_meta(harness.get(), GST_VIDEO_META_API_TYPE, nullptr);
    gst_harness_add_propose_allocation_meta(harness.get(), GST_VIDEO_CROP_META_API_TYPE, nullptr);
    const std::string text = caps_text(format, 64, 48);
    harness.set_caps(text);
    GstCaps* caps = gst_caps_from_string(text.c_str());
    GstQuery* query = gst_query_new_allocation(caps, TRUE);
    EXPECT_TRUE(gst_pad_peer_query(harness.get()->srcpad, query)) << format;
    EXPECT_TRUE(gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr)) << format;
    EXPECT_FALSE(gst_query_find_allocation_meta(query, GST_VIDEO_CROP_META_API_TYPE, nullptr))
        << format;
    gst_query_unref(query);
    gst_caps_unref(caps);
  }
}

TEST(ElementTest, GreyIsNegotiatedBeforeThePadIsLinked) {
  GstElement* element = make_colorize();
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element, bus);
  ASSERT_EQ(gst_element_set_state(element, GST_STATE_PAUSED), GST_STATE_CHANGE_SUCCESS);
  GstPad* pad = gst_element_get_static_pad(element, "sink");
  gst_pad_send_event(pad, gst_event_new_stream_start("stream"));
  GstCaps* caps = gst_caps_from_string(caps_text("GRAY8", 64, 48).c_str());
  gst_pad_send_event(pad, gst_event_new_caps(caps));
  for (const ErrorMessage& error : take_errors(bus)) ADD_FAILURE() << error.text;
  EXPECT_EQ(fake_record().stream.in, CGAN_FORMAT_GRAY8);
  gst_caps_unref(caps);
  gst_object_unref(pad);
  gst_element_set_state(element, GST_STATE_NULL);
  gst_element_set_bus(element, nullptr);
  gst_object_unref(bus);
  gst_object_unref(element);
}

}  // namespace
