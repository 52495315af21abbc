// Which encoder is taken, with a graphics card's there or not: here it is an element of the test.

#include "examples/colorize_film/codec.h"

#include <gst/video/video.h>
#include <gtest/gtest.h>

#include <string>

#include "examples/colorize_film/stream_kind.h"

namespace {

using colorize_film::choose_encoder;
using colorize_film::ChosenEncoder;
using colorize_film::Options;
using colorize_film::Sampling;

// Opens, or does not, as a busy card.
bool is_card_free = true;
int card_quantizer = -1;

struct FakeEncoder {
  GstElement parent;
};
struct FakeEncoderClass {
  GstElementClass parent_class;
};
enum { kRateMode = 1, kQuantizer };

void set_property(GObject*, guint id, const GValue* value, GParamSpec*) {
  if (id == kQuantizer) card_quantizer = g_value_get_int(value);
}

GstStateChangeReturn change_state(GstElement*, GstStateChange change) {
  return change == GST_STATE_CHANGE_NULL_TO_READY && !is_card_free ? GST_STATE_CHANGE_FAILURE
                                                                   : GST_STATE_CHANGE_SUCCESS;
}

void init_class(gpointer of_type, gpointer) {
  auto* object = static_cast<GObjectClass*>(of_type);
  object->set_property = set_property;
  g_object_class_install_property(
      object, kRateMode, g_param_spec_string("rc-mode", "", "", nullptr, G_PARAM_WRITABLE));
  g_object_class_install_property(
      object, kQuantizer, g_param_spec_int("qp-const", "", "", -1, 51, -1, G_PARAM_WRITABLE));
  auto* element = static_cast<GstElementClass*>(of_type);
  element->change_state = change_state;
  g_autoptr(GstCaps) taken = gst_caps_from_string(GST_VIDEO_CAPS_MAKE("{ NV12, I420 }"));
  g_autoptr(GstCaps) made = gst_caps_from_string("video/x-h264, stream-format=byte-stream");
  gst_element_class_add_pad_template(
      element, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, taken));
  gst_element_class_add_pad_template(
      element, gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, made));
  gst_element_class_set_static_metadata(element, "Card", "Codec/Encoder/Video",
                                        "Stands for a card of the test", "cgancolorize");
}

void init(GTypeInstance* instance, gpointer of_type) {
  for (const char* name : {"sink", "src"}) {
    GstPadTemplate* pad =
        gst_element_class_get_pad_template(static_cast<GstElementClass*>(of_type), name);
    gst_element_add_pad(reinterpret_cast<GstElement*>(instance),
                        gst_pad_new_from_template(pad, name));
  }
}

class Codec : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    gst_init(nullptr, nullptr);
    const GTypeInfo info = {
        sizeof(FakeEncoderClass), nullptr, nullptr, init_class, nullptr, nullptr,
        sizeof(FakeEncoder),      0,       init,    nullptr};
    gst_element_register(
        nullptr, "nvh264enc", GST_RANK_NONE,
        g_type_register_static(GST_TYPE_ELEMENT, "FakeCardEncoder", &info, GTypeFlags(0)));
  }
  // The factory that is taken for H.264 in a .mkv, and what is said of it.
  static std::pair<std::string, std::string> taken(const Options& options, const Sampling& wanted,
                                                   bool with_fields = false) {
    const ChosenEncoder chosen = choose_encoder(options, {"h264"}, wanted, 64, 48, with_fields);
    std::string name = "another";
    for (const char* factory : {"nvh264enc", "x264enc"})
      if (colorize_film::contains(chosen.element, factory)) name = factory;
    gst_object_unref(gst_object_ref_sink(chosen.element));
    return {name, chosen.remark};
  }
  static Options named() {
    Options options;
    options.output = "out.mkv";
    options.codec = "h264";
    return options;
  }
  void SetUp() override { is_card_free = true; }
};

TEST_F(Codec, IsTheProcessorsUnlessItIsAskedFor) {
  Options options;
  options.output = "out.mkv";
  EXPECT_EQ(taken(options, {8, 420}).first, "x264enc");
}

TEST_F(Codec, IsTheCardsWhereItIsNamedWithItsQuality) {
  Options options = named();
  options.quality = 50;
  EXPECT_EQ(taken(options, {8, 420}).first, "nvh264enc");
  EXPECT_EQ(card_quantizer, 26);  // 0.51 * 50
}

TEST_F(Codec, IsTheProcessorsWhereTheCardKeepsNoDepthOrFields) {
  EXPECT_EQ(taken(named(), {10, 420}).first, "x264enc");
  EXPECT_EQ(taken(named(), {8, 444}).first, "x264enc");
  EXPECT_EQ(taken(named(), {8, 420}, true).first, "x264enc");
  EXPECT_EQ(taken(named(), {10, 420}).second, "");
}

TEST_F(Codec, IsTheProcessorsWithASentenceWhereTheCardDoesNotOpen) {
  is_card_free = false;
  const auto [name, remark] = taken(named(), {8, 420});
  EXPECT_EQ(name, "x264enc");
  EXPECT_NE(remark.find("nvh264enc is there but does not open"), std::string::npos) << remark;
}

}  // namespace
