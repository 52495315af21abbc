// What the frames so far say of the next one, in and out.

#include "plugin/element/stream_state.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

const std::string kCaps = caps_text("I420", 64, 48);

void send(ColorizeHarness& harness, GstStructure* what) {
  gst_harness_push_event(harness.get(), gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, what));
}

void send_state(ColorizeHarness& harness, const std::string& text) {
  GBytes* bytes = g_bytes_new(text.data(), text.size());
  send(harness, gst_structure_new("cgancolorize-restore", "state", G_TYPE_BYTES, bytes, nullptr));
  g_bytes_unref(bytes);
}

std::string state_of(GstBuffer* frame) {
  GstCustomMeta* meta = gst_buffer_get_custom_meta(frame, "cgancolorize-state");
  GBytes* bytes = nullptr;
  if (meta != nullptr)
    gst_structure_get(gst_custom_meta_get_structure(meta), "state", G_TYPE_BYTES, &bytes, nullptr);
  if (bytes == nullptr) return "";
  gsize size = 0;
  const auto* text = static_cast<const char*>(g_bytes_get_data(bytes, &size));
  const std::string state(text, size);
  g_bytes_unref(bytes);
  return state;
}

// How many custom events have come out.
int custom_events(ColorizeHarness& harness) {
  int count = 0;
  while (GstEvent* event = gst_harness_try_pull_event(harness.get())) {
    count += GST_EVENT_TYPE(event) == GST_EVENT_CUSTOM_DOWNSTREAM ? 1 : 0;
    gst_event_unref(event);
  }
  return count;
}

TEST(StreamStateTest, ComesOutAsAMetaAndGoesInAsAnEvent) {
  ColorizeHarness harness({{"model", "states"}, {"max-frame-delay", "0"}});
  harness.set_caps(kCaps);
  const int marks = fake_record().marks;
  send(harness, gst_structure_new_empty("cgancolorize-mark"));
  send_state(harness, "what was before");
  EXPECT_EQ(fake_record().marks, marks) << "it is of the next frame";
  GstBuffer* frame = harness.through(make_frame(kCaps));
  ASSERT_NE(frame, nullptr);
  EXPECT_EQ(fake_record().marks, marks + 1);
  EXPECT_EQ(fake_record().restored, "what was before");
  EXPECT_EQ(state_of(frame), "states");
  gst_buffer_unref(frame);
  gst_buffer_unref(harness.through(make_frame(kCaps)));
  EXPECT_EQ(fake_record().marks, marks + 1) << "once";
  EXPECT_EQ(custom_events(harness), 0);
}

TEST(StreamStateTest, FramesWithoutOneHaveNoMeta) {
  ColorizeHarness harness({{"max-frame-delay", "0"}});
  harness.set_caps(kCaps);
  GstBuffer* frame = harness.through(make_frame(kCaps));
  EXPECT_EQ(gst_buffer_get_custom_meta(frame, "cgancolorize-state"), nullptr);
  gst_buffer_unref(frame);
}

TEST(StreamStateTest, OtherCustomEventsPass) {
  ColorizeHarness harness({{"max-frame-delay", "0"}});
  harness.set_caps(kCaps);
  send(harness, gst_structure_new_empty("something-else"));
  EXPECT_EQ(custom_events(harness), 1);
}

TEST(StreamStateTest, OneThatDoesNotFitIsAnError) {
  ColorizeHarness harness({{"model", "restore-6"}, {"max-frame-delay", "0"}});
  harness.set_caps(kCaps);
  send_state(harness, "of another stream");
  EXPECT_EQ(gst_harness_push(harness.get(), make_frame(kCaps)), GST_FLOW_ERROR);
  const auto errors = harness.errors();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].text, "The fake fails at restore-.");
}

}  // namespace
