#include "plugin/element/caps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

using testing::HasSubstr;
using testing::Not;

struct Negotiation {
  std::string in, downstream;
  std::string format;       // wanted out
  std::string colorimetry;  // wanted out, empty: no such field
};

std::ostream& operator<<(std::ostream& out, const Negotiation& row) {
  return out << row.in << " -> " << row.downstream;
}

class NegotiationTest : public testing::TestWithParam<Negotiation> {};

std::string field(const std::string& caps_string, const char* name) {
  GstCaps* caps = gst_caps_from_string(caps_string.c_str());
  const char* value = gst_structure_get_string(gst_caps_get_structure(caps, 0), name);
  const std::string result = value != nullptr ? value : "";
  gst_caps_unref(caps);
  return result;
}

std::string raw(const std::string& fields) {
  return "video/x-raw, " + fields;
}

TEST_P(NegotiationTest, ChoosesFormatAndColorimetry) {
  ColorizeHarness harness;
  harness.set_caps(GetParam().in, GetParam().downstream);
  GstBuffer* out = harness.through(make_frame(GetParam().in));
  ASSERT_NE(out, nullptr);
  gst_buffer_unref(out);
  EXPECT_EQ(field(harness.out_caps(), "format"), GetParam().format);
  EXPECT_EQ(field(harness.out_caps(), "colorimetry"), GetParam().colorimetry);
  EXPECT_TRUE(harness.errors().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Formats, NegotiationTest,
    testing::Values(
        Negotiation{caps_text("I420", 64, 48), "video/x-raw", "I420", ""},
        Negotiation{caps_text("NV12", 64, 48), "video/x-raw", "NV12", ""},
        Negotiation{caps_text("NV12", 64, 48), raw("format={Y444,I420,NV12}"), "NV12", ""},
        Negotiation{caps_text("I420", 64, 48), raw("format=NV12"), "NV12", ""},
        Negotiation{caps_text("NV12", 64, 48), raw("format=I420"), "I420", ""},
        Negotiation{caps_text("NV12", 64, 48), raw("format={Y444,I420}"), "I420", ""},
        Negotiation{caps_text("I420", 64, 48), raw("format=Y444"), "Y444", ""},
        Negotiation{caps_text("NV12", 64, 48), raw("format=Y444"), "Y444", ""},
        // What an H.264 encoder offers, its unusual profile first.
        Negotiation{caps_text("GRAY8", 64, 48), raw("format={Y444,NV12,I420}"), "I420", "1:4:16:4"},
        Negotiation{caps_text("GRAY8", 64, 48), raw("format=Y444"), "Y444", "1:4:16:4"},
        Negotiation{caps_text("GRAY8", 64, 48), raw("format=NV12"), "NV12", "1:4:16:4"}));

INSTANTIATE_TEST_SUITE_P(
    Colorimetry, NegotiationTest,
    testing::Values(
        Negotiation{caps_text("I420", 64, 48, "colorimetry=bt709"), "video/x-raw", "I420", "bt709"},
        Negotiation{caps_text("NV12", 64, 48, "colorimetry=bt2020"), raw("format=Y444"), "Y444",
                    "bt2020"},
        Negotiation{caps_text("GRAY8", 16, 576), "video/x-raw", "I420", "1:4:16:4"},
        Negotiation{caps_text("GRAY8", 16, 577), "video/x-raw", "I420", "1:3:5:1"},
        // Limited range stays limited.
        Negotiation{caps_text("GRAY8", 16, 480, "colorimetry=bt601"), "video/x-raw", "I420",
                    "bt601"},
        // What videoconvert writes for gray out of a BT.709 film: its matrix says nothing.
        Negotiation{caps_text("GRAY8", 16, 720, "colorimetry=(string)1:4:5:1"), "video/x-raw",
                    "I420", "1:3:5:1"},
        Negotiation{caps_text("GRAY8", 16, 16, "colorimetry=bt709"), "video/x-raw", "I420",
                    "bt709"},
        Negotiation{caps_text("GRAY8", 16, 16, "colorimetry=bt601"), raw("colorimetry=bt709"),
                    "I420", "bt709"},
        Negotiation{caps_text("GRAY8", 16, 16), raw("colorimetry=(string){bt709, 1:3:5:1}"), "I420",
                    "1:3:5:1"}));

TEST(CapsTest, OutputTellsTheColorizerSizeFormatsAndColour) {
  ColorizeHarness harness;
  harness.set_caps(caps_text("GRAY8", 18, 720), raw("format=Y444"));
  gst_buffer_unref(harness.through(make_frame(caps_text("GRAY8", 18, 720))));
  const CganStreamInfo& stream = fake_record().stream;
  EXPECT_EQ(stream.width, 18u);
  EXPECT_EQ(stream.height, 720u);
  EXPECT_EQ(stream.in, CGAN_FORMAT_GRAY8);
  EXPECT_EQ(stream.out, CGAN_FORMAT_Y444);
  EXPECT_EQ(stream.matrix, CGAN_MATRIX_BT709);
  EXPECT_TRUE(stream.full_range);
}

TEST(CapsTest, YuvWithoutColorimetryIsReadAsGStreamerReadsIt) {
  ColorizeHarness harness;
  harness.set_caps(caps_text("I420", 16, 16));
  EXPECT_EQ(fake_record().stream.matrix, CGAN_MATRIX_BT601);
  EXPECT_FALSE(fake_record().stream.full_range);
  harness.set_caps(caps_text("I420", 16, 720));
  EXPECT_EQ(fake_record().stream.matrix, CGAN_MATRIX_BT709);
  // What decoders write for a film that says nothing of its matrix.
  harness.set_caps(caps_text("I420", 16, 16, "colorimetry=(string)2:0:0:0"));
  EXPECT_EQ(fake_record().stream.matrix, CGAN_MATRIX_BT601);
  EXPECT_TRUE(harness.errors().empty());
}

TEST(CapsTest, AllOtherFieldsPassThrough) {
  ColorizeHarness harness;
  harness.set_caps(caps_text("GRAY8", 64, 48,
                             "pixel-aspect-ratio=16/15, interlace-mode=progressive, "
                             "multiview-mode=mono, x-own-field=7"));
  EXPECT_THAT(harness.out_caps(), HasSubstr("framerate=(fraction)25/1"));
  EXPECT_THAT(harness.out_caps(), HasSubstr("pixel-aspect-ratio=(fraction)16/15"));
  EXPECT_THAT(harness.out_caps(), HasSubstr("multiview-mode=(string)mono"));
  EXPECT_THAT(harness.out_caps(), HasSubstr("x-own-field=(int)7"));
}

TEST(CapsTest, ChromaSiteIsKeptBetweenEqualGridsAndWrittenForGray) {
  ColorizeHarness harness;
  harness.set_caps(caps_text("I420", 64, 48, "chroma-site=mpeg2"), raw("format=NV12"));
  EXPECT_EQ(field(harness.out_caps(), "chroma-site"), "mpeg2");
  harness.set_caps(caps_text("I420", 64, 48, "chroma-site=mpeg2"), raw("format=Y444"));
  EXPECT_EQ(field(harness.out_caps(), "chroma-site"), "");
  harness.set_caps(caps_text("GRAY8", 64, 48), "video/x-raw");
  EXPECT_EQ(field(harness.out_caps(), "chroma-site"), "jpeg");
}

bool accepts(GstElement* element, const std::string& text) {
  GstPad* pad = gst_element_get_static_pad(element, "sink");
  GstCaps* caps = gst_caps_from_string(text.c_str());
  const bool result = gst_pad_query_accept_caps(pad, caps);
  gst_caps_unref(caps);
  gst_object_unref(pad);
  return result;
}

TEST(CapsTest, AcceptsProgressiveGrayAndYuvOfEverySizeOnly) {
  ColorizeHarness harness;
  GstElement* element = harness.element();
  EXPECT_TRUE(accepts(element, caps_text("I420", 1, 1)));
  EXPECT_TRUE(accepts(element, caps_text("NV12", 16384, 16384)));
  EXPECT_TRUE(accepts(element, caps_text("GRAY8", 65, 63, "interlace-mode=progressive")));
  EXPECT_FALSE(accepts(element, caps_text("I420", 64, 48, "interlace-mode=interleaved")));
  EXPECT_FALSE(accepts(element, caps_text("I420", 64, 48, "interlace-mode=mixed")));
  EXPECT_FALSE(accepts(element, caps_text("I420", 16385, 48)));
  EXPECT_FALSE(accepts(element, caps_text("RGB", 64, 48)));
  EXPECT_FALSE(accepts(element, caps_text("Y444", 64, 48)));
  EXPECT_FALSE(accepts(element, caps_text("GRAY16_LE", 64, 48)));
  EXPECT_FALSE(
      accepts(element, "video/x-raw(memory:CUDAMemory), format=I420, width=64, height=48"));
}

TEST(CapsTest, EverySinkFormatIsOfferedForEverySrcFormat) {
  for (const char* out : {"I420", "NV12", "Y444"}) {
    GstCaps* caps = gst_caps_from_string(raw(std::string("format=") + out).c_str());
    GstCaps* offered = cgan::transform_caps(GST_PAD_SRC, caps, nullptr);
    for (const char* in : {"I420", "NV12", "GRAY8"}) {
      GstCaps* one = gst_caps_from_string(raw(std::string("format=") + in).c_str());
      EXPECT_TRUE(gst_caps_is_subset(one, offered)) << in << " for " << out;
      gst_caps_unref(one);
    }
    gst_caps_unref(offered);
    gst_caps_unref(caps);
  }
}

struct Refusal {
  std::string in, downstream, reason;
};
std::ostream& operator<<(std::ostream& out, const Refusal& row) {
  return out << row.in << " -> " << row.downstream;
}

class RefusedColorimetryTest : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedColorimetryTest, IsOneNegotiationErrorThatNamesVideoconvert) {
  ColorizeHarness harness;
  harness.set_caps(GetParam().in, GetParam().downstream);
  EXPECT_EQ(gst_harness_push(harness.get(), make_frame(GetParam().in)), GST_FLOW_NOT_NEGOTIATED);
  const auto errors = harness.errors();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].domain, GST_CORE_ERROR);
  EXPECT_EQ(errors[0].code, GST_CORE_ERROR_NEGOTIATION);
  EXPECT_THAT(errors[0].text, HasSubstr("videoconvert"));
  EXPECT_THAT(errors[0].text, HasSubstr(GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(
    Caps, RefusedColorimetryTest,
    testing::Values(
        Refusal{caps_text("I420", 64, 48, "colorimetry=sRGB"), "video/x-raw", "matrix"},
        Refusal{caps_text("I420", 64, 48, "colorimetry=smpte240m"), "video/x-raw", "matrix"},
        Refusal{caps_text("I420", 64, 48), raw("colorimetry=bt709"), "never converted"},
        Refusal{caps_text("GRAY8", 64, 48), raw("colorimetry=bt709"), "never converted"}));

TEST(CapsTest, NewCapsInMidStreamReachTheColorizer) {
  ColorizeHarness harness;
  harness.set_caps(caps_text("I420", 64, 48));
  gst_buffer_unref(harness.through(make_frame(caps_text("I420", 64, 48))));
  harness.set_caps(caps_text("NV12", 33, 21), raw("format=I420"));
  gst_buffer_unref(harness.through(make_frame(caps_text("NV12", 33, 21))));
  EXPECT_EQ(fake_record().stream.width, 33u);
  EXPECT_FALSE(fake_record().is_in_place);
  EXPECT_THAT(harness.out_caps(), HasSubstr("width=(int)33"));
  EXPECT_THAT(harness.out_caps(), Not(HasSubstr("NV12")));
}

}  // namespace
