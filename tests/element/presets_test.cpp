// The presets of the repository, found as GStreamer finds them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

std::vector<std::string> texts(gchar** list) {
  std::vector<std::string> result;
  for (gchar** text = list; text != nullptr && *text != nullptr; ++text) result.push_back(*text);
  g_strfreev(list);
  return result;
}

std::string value_of(GstElement* element, const std::string& property) {
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), property.c_str());
  GValue value = G_VALUE_INIT;
  g_value_init(&value, spec->value_type);
  g_object_get_property(G_OBJECT(element), property.c_str(), &value);
  gchar* text = gst_value_serialize(&value);
  const std::string result = text;
  g_free(text);
  g_value_unset(&value);
  return result;
}

const char* const kShipped[] = {"archival-film", "documentary", "fast", "vivid"};

TEST(PresetsTest, AreThoseOfTheManual) {
  GstElement* element = make_colorize();
  ASSERT_TRUE(GST_IS_PRESET(element));
  EXPECT_THAT(texts(gst_preset_get_preset_names(GST_PRESET(element))),
              testing::IsSupersetOf(kShipped));
  for (const char* name : kShipped) {
    gchar* comment = nullptr;
    EXPECT_TRUE(gst_preset_get_meta(GST_PRESET(element), name, "comment", &comment)) << name;
    g_free(comment);
  }
  gst_object_unref(element);
}

TEST(PresetsTest, KeepALookAndNothingOfTheMachine) {
  GstElement* element = make_colorize();
  EXPECT_THAT(texts(gst_preset_get_property_names(GST_PRESET(element))),
              testing::UnorderedElementsAre("vividness", "strength", "saturation", "warmth",
                                            "on-color", "temporal", "refresh", "cut-threshold"));
  gst_object_unref(element);
}

TEST(PresetsTest, LeaveNothingOfTheLookBefore) {
  const std::pair<const char*, const char*> odd[] = {
      {"vividness", "-0.125"},    {"strength", "0.125"},  {"saturation", "0.125"},
      {"warmth", "-0.125"},       {"temporal", "0.125"},  {"refresh", "77"},
      {"cut-threshold", "0.125"}, {"on-color", "recolor"}};
  for (const char* name : kShipped) {
    GstElement* element = make_colorize();
    for (const auto& [property, value] : odd) {
      gst_util_set_object_arg(G_OBJECT(element), property, value);
    }
    std::vector<std::string> before;
    for (const auto& [property, value] : odd) before.push_back(value_of(element, property));
    ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(element), name)) << name;
    for (size_t i = 0; i < before.size(); ++i) {
      EXPECT_NE(value_of(element, odd[i].first), before[i]) << name << ": " << odd[i].first;
    }
    gst_object_unref(element);
  }
}

TEST(PresetsTest, LeaveTheRestAsItIs) {
  GstElement* element = make_colorize({{"model", "a-model"}, {"threads", "3"}, {"variant", "7"}});
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(element), "vivid"));
  EXPECT_EQ(value_of(element, "model"), "a-model");
  EXPECT_EQ(value_of(element, "threads"), "3");
  EXPECT_EQ(value_of(element, "variant"), "7");
  EXPECT_FALSE(gst_preset_load_preset(GST_PRESET(element), "no-such-preset"));
  gst_object_unref(element);
}

TEST(PresetsTest, LoadedWhilePlayingReachTheFrames) {
  ColorizeHarness harness;
  ASSERT_TRUE(gst_preset_load_preset(GST_PRESET(harness.element()), "vivid"));
  const std::string caps = caps_text("I420", 64, 48);
  harness.set_caps(caps);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness.get(), gst_event_new_segment(&segment));
  GstBuffer* frame = harness.through(make_frame(caps));
  ASSERT_NE(frame, nullptr);
  gst_buffer_unref(frame);
  EXPECT_DOUBLE_EQ(fake_record().look.vividness, 0.47);
  EXPECT_DOUBLE_EQ(fake_record().look.temporal, 0.9);
}

}  // namespace
