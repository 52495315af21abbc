#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/element/colorize_harness.h"

namespace {

using testing::HasSubstr;

// Of the element's own class, not of its parents.
std::map<std::string, GParamSpec*> own_properties(GstElement* element) {
  guint count = 0;
  GParamSpec** specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  std::map<std::string, GParamSpec*> own;
  for (guint i = 0; i < count; ++i) {
    if (specs[i]->owner_type == G_OBJECT_TYPE(element)) own[specs[i]->name] = specs[i];
  }
  g_free(specs);
  return own;
}

TEST(PropertiesTest, AreTheOnesOfTheManual) {
  GstElement* element = make_colorize();
  std::vector<std::string> names;
  for (const auto& [name, spec] : own_properties(element)) names.push_back(name);
  EXPECT_THAT(names, testing::ElementsAre(
                         "batch", "cut-threshold", "device", "device-passes", "lookahead",
                         "max-frame-delay", "model", "on-color", "overlap", "precision", "refresh",
                         "saturation", "shots-only", "split", "stats", "stats-interval", "strength",
                         "temporal", "threads", "variant", "vividness", "warmth", "work-size"));
  gst_object_unref(element);
}

TEST(PropertiesTest, StartWithTheDefaultsThatGstInspectPrints) {
  GstElement* element = make_colorize();
  for (const auto& [name, spec] : own_properties(element)) {
    if (name == "stats") continue;
    GValue value = G_VALUE_INIT;
    g_value_init(&value, spec->value_type);
    g_object_get_property(G_OBJECT(element), name.c_str(), &value);
    EXPECT_TRUE(g_param_value_defaults(spec, &value)) << name;
    g_value_unset(&value);
  }
  gst_object_unref(element);
}

TEST(PropertiesTest, ComeBackAsTheyWereSet) {
  const std::pair<const char*, const char*> values[] = {{"model", "a/b.safetensors"},
                                                        {"device", "cuda:1"},
                                                        {"precision", "fp16"},
                                                        {"work-size", "360"},
                                                        {"overlap", "0.75"},
                                                        {"batch", "64"},
                                                        {"threads", "2"},
                                                        {"variant", "12345"},
                                                        {"vividness", "-0.5"},
                                                        {"strength", "0.5"},
                                                        {"saturation", "4"},
                                                        {"warmth", "-1"},
                                                        {"split", "0.5"},
                                                        {"on-color", "recolor"},
                                                        {"temporal", "0.5"},
                                                        {"cut-threshold", "0.25"},
                                                        {"refresh", "7"},
                                                        {"lookahead", "12"},
                                                        {"max-frame-delay", "64"},
                                                        {"device-passes", "true"},
                                                        {"shots-only", "true"},
                                                        {"stats-interval", "5"}};
  GstElement* element = make_colorize();
  for (const auto& [name, text] : values) {
    gst_util_set_object_arg(G_OBJECT(element), name, text);
    GParamSpec* spec = own_properties(element).at(name);
    GValue got = G_VALUE_INIT, wanted = G_VALUE_INIT;
    g_value_init(&got, spec->value_type);
    g_value_init(&wanted, spec->value_type);
    ASSERT_TRUE(gst_value_deserialize(&wanted, text)) << name;
    g_object_get_property(G_OBJECT(element), name, &got);
    EXPECT_EQ(gst_value_compare(&got, &wanted), GST_VALUE_EQUAL) << name;
    g_value_unset(&got);
    g_value_unset(&wanted);
  }
  gst_object_unref(element);
}

TEST(PropertiesTest, NullGivesATextItsDefaultBack) {
  GstElement* element = make_colorize({{"model", "other"}, {"device", "cpu"}});
  g_object_set(element, "model", nullptr, "device", nullptr, nullptr);
  gchar *model = nullptr, *device = nullptr;
  g_object_get(element, "model", &model, "device", &device, nullptr);
  EXPECT_STREQ(model, "photo");
  EXPECT_STREQ(device, "auto");
  g_free(model);
  g_free(device);
  gst_object_unref(element);
}

TEST(PropertiesTest, SayWhenTheyMayChange) {
  GstElement* element = make_colorize();
  for (const auto& [name, spec] : own_properties(element)) {
    if (name == "stats") {
      EXPECT_EQ(spec->flags & G_PARAM_WRITABLE, 0);
      continue;
    }
    const bool is_look = name == "strength" || name == "saturation" || name == "temporal" ||
                         name == "cut-threshold" || name == "refresh" || name == "warmth" ||
                         name == "split" || name == "on-color" || name == "vividness";
    const bool is_live = is_look || name == "stats-interval";
    EXPECT_EQ((spec->flags & GST_PARAM_CONTROLLABLE) != 0, is_look) << name;
    EXPECT_EQ((spec->flags & GST_PARAM_MUTABLE_PLAYING) != 0, is_live) << name;
    EXPECT_EQ((spec->flags & GST_PARAM_MUTABLE_READY) != 0, !is_live) << name;
    if (!is_live) {
      EXPECT_THAT(g_param_spec_get_blurb(spec), HasSubstr("next READY to PAUSED")) << name;
    }
  }
  gst_object_unref(element);
}

}  // namespace
