#include "plugin/element/caps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "plugin/element/format_choice.h"
#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

using cgan::formats_of;
using cgan::PixelFormat;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAreArray;

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
        Negotiation{caps_text("I420", 64, 48), "video/x-raw", "I420", "bt601"},
        Negotiation{caps_text("NV12", 64, 48), "video/x-raw", "NV12", "bt601"},
        Negotiation{caps_text("NV12", 64, 48), raw("format={Y444,I420,NV12}"), "NV12", "bt601"},
        Negotiation{caps_text("I420", 64, 48), raw("format=NV12"), "NV12", "bt601"},
        Negotiation{caps_text("NV12", 64, 48), raw("format=I420"), "I420", "bt601"},
        Negotiation{caps_text("NV12", 64, 48), raw("format={Y444,I420}"), "I420", "bt601"},
        Negotiation{caps_text("I420", 64, 48), raw("format=Y444"), "Y444", "bt601"},
        Negotiation{caps_text("NV12", 64, 48), raw("format=Y444"), "Y444", "bt601"},
        // What an H.264 encoder offers, its unusual profile first.
        Negotiation{caps_text("GRAY8", 64, 48), raw("format={Y444,NV12,I420}"), "I420", "1:4:16:4"},
        Negotiation{caps_text("GRAY8", 64, 48), raw("format=Y444"), "Y444", "1:4:16:4"},
        Negotiation{caps_text("GRAY8", 64, 48), raw("format=NV12"), "NV12", "1:4:16:4"},
        // The nearest depth, then the nearest grid.
        Negotiation{caps_text("NV21", 64, 48), "video/x-raw", "NV21", "bt601"},
        Negotiation{caps_text("YV12", 64, 48), raw("format={Y444,I420_12LE,Y42B}"), "Y42B",
                    "bt601"},
        Negotiation{caps_text("Y444", 64, 48), raw("format={I420,Y444_10LE,Y42B}"), "Y42B",
                    "bt601"},
        Negotiation{caps_text("I420", 64, 48), raw("format={Y444_12LE,Y444_10LE,P010_10LE}"),
                    "P010_10LE", "bt601"},
        Negotiation{caps_text("P010_10LE", 64, 48), raw("format={I420,NV12,I420_10LE}"),
                    "I420_10LE", "bt601"},
        Negotiation{caps_text("I422_10LE", 64, 48), raw("format={I420_10LE,I422_12LE}"),
                    "I420_10LE", "bt601"},
        Negotiation{caps_text("P012_LE", 64, 48), "video/x-raw", "P012_LE", "bt601"},
        Negotiation{caps_text("GRAY16_LE", 64, 48), "video/x-raw", "I420_12LE", "1:4:16:4"},
        Negotiation{caps_text("GRAY16_LE", 64, 48), raw("format={I420,I420_10LE}"), "I420_10LE",
                    "1:4:16:4"},
        Negotiation{caps_text("GRAY16_LE", 64, 48), raw("format={NV12,I420}"), "I420",
                    "1:4:16:4"}));

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
        // What videoconvert writes for grey out of a BT.709 film: its matrix says nothing.
        Negotiation{caps_text("GRAY8", 16, 720, "colorimetry=(string)1:4:5:1"), "video/x-raw",
                    "I420", "1:3:5:1"},
        Negotiation{caps_text("GRAY8", 16, 16, "colorimetry=bt709"), "video/x-raw", "I420",
                    "bt709"},
        Negotiation{caps_text("GRAY8", 16, 16, "colorimetry=bt601"), raw("colorimetry=bt709"),
                    "I420", "bt709"},
        Negotiation{caps_text("GRAY8", 16, 16), raw("colorimetry=(string){bt709, 1:3:5:1}"), "I420",
                    "1:3:5:1"},
        // Full grey becomes limited where nothing else is taken.
        Negotiation{caps_text("GRAY8", 16, 16), raw("colorimetry=bt709"), "I420", "bt709"},
        Negotiation{caps_text("GRAY16_LE", 16, 16), raw("colorimetry=(string){sRGB, bt2020}"),
                    "I420_12LE", "bt2020"},
        Negotiation{caps_text("I420", 16, 577), "video/x-raw", "I420", "bt709"},
        Negotiation{caps_text("I420", 16, 577), raw("colorimetry=(string){bt601, bt709}"), "I420",
                    "bt709"},
        Negotiation{caps_text("P010_10LE", 16, 16, "colorimetry=bt2100-pq"),
                    raw("format=Y444_12LE"), "Y444_12LE", "bt2100-pq"},
        // What decoders write for a film that says nothing of its matrix stays as it is.
        Negotiation{caps_text("I420", 16, 16, "colorimetry=(string)2:0:0:0"), "video/x-raw", "I420",
                    "2:0:0:0"}));

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
  EXPECT_TRUE(stream.in_full_range);
  EXPECT_TRUE(stream.out_full_range);
}

TEST(CapsTest, GreyThatBecomesLimitedTellsTheColorizerBothRanges) {
  ColorizeHarness harness;
  harness.set_caps(caps_text("GRAY8", 64, 48), raw("colorimetry=bt709"));
  GstBuffer* out = harness.through(make_frame(caps_text("GRAY8", 64, 48)));
  ASSERT_NE(out, nullptr);
  gst_buffer_unref(out);
  EXPECT_TRUE(fake_record().stream.in_full_range);
  EXPECT_FALSE(fake_record().stream.out_full_range);
  EXPECT_EQ(fake_record().stream.matrix, CGAN_MATRIX_BT709);
}

TEST(CapsTest, YuvWithoutColorimetryIsReadAsGStreamerReadsIt) {
  ColorizeHarness harness;
  harness.set_caps(caps_text("I420", 16, 16));
  EXPECT_EQ(fake_record().stream.matrix, CGAN_MATRIX_BT601);
  EXPECT_FALSE(fake_record().stream.out_full_range);
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

struct Siting {
  std::string in, downstream;
  std::string site;     // wanted in the output's caps, empty: no such field
  CganChromaSite told;  // what the colorizer is told
};
std::ostream& operator<<(std::ostream& out, const Siting& row) {
  return out << row.in << " -> " << row.downstream;
}
class ChromaSiteTest : public testing::TestWithParam<Siting> {};

TEST_P(ChromaSiteTest, IsTheInputsElseTheOneThatIsAskedForElseLeft) {
  ColorizeHarness harness;
  harness.set_caps(GetParam().in, GetParam().downstream);
  GstBuffer* out = harness.through(make_frame(GetParam().in));
  ASSERT_NE(out, nullptr);
  gst_buffer_unref(out);
  EXPECT_EQ(field(harness.out_caps(), "chroma-site"), GetParam().site);
  if (!GetParam().site.empty()) {
    EXPECT_EQ(fake_record().stream.chroma_site, GetParam().told);
  }
}

std::string sited(const char* format, const std::string& site) {
  return caps_text(format, 64, 48, "chroma-site=" + site);
}

INSTANTIATE_TEST_SUITE_P(
    Sites, ChromaSiteTest,
    testing::Values(
        Siting{sited("I420", "mpeg2"), raw("format=NV12"), "mpeg2", CGAN_CHROMA_LEFT},
        Siting{sited("I420", "jpeg"), "video/x-raw", "jpeg", CGAN_CHROMA_CENTRE},
        Siting{sited("I420_10LE", "cosited"), raw("format=P012_LE"), "cosited",
               CGAN_CHROMA_TOP_LEFT},
        Siting{sited("I420", "v-cosited"), "video/x-raw", "v-cosited", CGAN_CHROMA_TOP},
        Siting{sited("I420", "dv"), "video/x-raw", "dv", CGAN_CHROMA_LEFT},
        // No site: left, whatever the height.
        Siting{caps_text("I420", 64, 48), "video/x-raw", "mpeg2", CGAN_CHROMA_LEFT},
        Siting{caps_text("NV12", 16, 720), "video/x-raw", "mpeg2", CGAN_CHROMA_LEFT},
        Siting{caps_text("GRAY8", 64, 48), "video/x-raw", "mpeg2", CGAN_CHROMA_LEFT},
        Siting{caps_text("Y444", 64, 48), raw("format=I420"), "mpeg2", CGAN_CHROMA_LEFT},
        Siting{caps_text("GRAY8", 64, 48), raw("chroma-site=jpeg"), "jpeg", CGAN_CHROMA_CENTRE},
        Siting{caps_text("I420", 64, 48), raw("chroma-site=cosited"), "cosited",
               CGAN_CHROMA_TOP_LEFT},
        // To another grid goes what that grid has of it.
        Siting{sited("I420", "cosited"), raw("format=Y42B"), "mpeg2", CGAN_CHROMA_LEFT},
        Siting{sited("I420", "jpeg"), raw("format=Y42B"), "jpeg", CGAN_CHROMA_CENTRE},
        Siting{sited("Y42B", "jpeg"), raw("format=I420"), "jpeg", CGAN_CHROMA_CENTRE},
        Siting{sited("I420", "mpeg2"), raw("format=Y444"), "", CGAN_CHROMA_LEFT}));

TEST(CapsTest, TheSiteOfTheInputIsTheColorizersToo) {
  for (const auto& [in, told] : {std::pair{sited("I420", "jpeg"), CGAN_CHROMA_CENTRE},
                                 {sited("I420", "cosited"), CGAN_CHROMA_TOP_LEFT},
                                 {caps_text("I420", 64, 48), CGAN_CHROMA_LEFT},
                                 {caps_text("I420", 16, 720), CGAN_CHROMA_LEFT}}) {
    ColorizeHarness harness;
    harness.set_caps(in, raw("format=Y444"));
    gst_buffer_unref(harness.through(make_frame(in)));
    EXPECT_EQ(fake_record().stream.in_chroma_site, told) << in;
  }
}

TEST(CapsTest, AcceptsProgressiveGreyAndYuvFrom16x16To7680x4320Only) {
  ColorizeHarness harness;
  GstElement* element = harness.element();
  EXPECT_TRUE(accepts(element, caps_text("I420", 16, 16)));
  EXPECT_TRUE(accepts(element, caps_text("NV12", 7680, 4320)));
  EXPECT_TRUE(accepts(element, caps_text("GRAY8", 65, 63, "interlace-mode=progressive")));
  EXPECT_FALSE(accepts(element, caps_text("I420", 15, 16)));
  EXPECT_FALSE(accepts(element, caps_text("I420", 16, 15)));
  EXPECT_FALSE(accepts(element, caps_text("I420", 7681, 48)));
  EXPECT_FALSE(accepts(element, caps_text("I420", 48, 4321)));
  EXPECT_FALSE(accepts(element, caps_text("RGB", 64, 48)));
  EXPECT_FALSE(accepts(element, caps_text("GRAY16_BE", 64, 48)));
  EXPECT_FALSE(accepts(element, caps_text("I420_10BE", 64, 48)));
  EXPECT_FALSE(accepts(element, caps_text("AYUV", 64, 48)));
  EXPECT_FALSE(
      accepts(element, "video/x-raw(memory:CUDAMemory), format=I420, width=64, height=48"));
}

TEST(CapsTest, FramesOfTwoFieldsAreTakenAndFieldsInBuffersOfTheirOwnAreNot) {
  ColorizeHarness harness;
  const auto accepts_mode = [&](const PixelFormat* format, const std::string& mode) {
    return accepts(harness.element(), caps_text(format->name, 64, 48, "interlace-mode=" + mode));
  };
  for (const PixelFormat* format : formats_of(GST_PAD_SINK)) {
    EXPECT_TRUE(accepts_mode(format, "interleaved"));
    EXPECT_TRUE(accepts_mode(format, "interleaved, field-order=bottom-field-first"));
    EXPECT_TRUE(accepts_mode(format, "mixed"));
    EXPECT_FALSE(accepts_mode(format, "fields"));
  }
  EXPECT_FALSE(accepts(harness.element(),
                       "video/x-raw(format:Interlaced), format=I420, width=64, height=48, "
                       "framerate=25/1, interlace-mode=alternate"));
}

using Names = std::vector<std::string>;
const Names kEightBits = {"I420", "NV12", "YV12", "NV21", "Y42B", "Y444"};
const Names kTenBits = {"I420_10LE", "P010_10LE", "I422_10LE", "Y444_10LE"};
const Names kTwelveBits = {"I420_12LE", "P012_LE", "I422_12LE", "Y444_12LE"};

Names operator+(Names a, const Names& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Which of all video formats are offered to the other pad for this one.
Names offered_for(GstPadDirection direction, const std::string& format) {
  GstCaps* caps = gst_caps_from_string(raw("format=" + format).c_str());
  GstCaps* offered = cgan::transform_caps(direction, caps, nullptr, false);
  Names names;
  guint count = 0;
  const GstVideoFormat* formats = gst_video_formats_raw(&count);
  for (guint i = 0; i < count; ++i) {
    const std::string name = gst_video_format_to_string(formats[i]);
    GstCaps* one = gst_caps_from_string(raw("format=" + name).c_str());
    if (gst_caps_can_intersect(one, offered)) names.push_back(name);
    gst_caps_unref(one);
  }
  gst_caps_unref(offered);
  gst_caps_unref(caps);
  return names;
}

TEST(CapsTest, EveryInputIsOfferedTheYuvFormatsOfItsDepthAndMore) {
  const Names deep = kTenBits + kTwelveBits, all = kEightBits + deep;
  for (const std::string& in : kEightBits + Names{"GRAY8", "GRAY16_LE"}) {
    EXPECT_THAT(offered_for(GST_PAD_SINK, in), UnorderedElementsAreArray(all)) << in;
  }
  for (const std::string& in : kTenBits) {
    EXPECT_THAT(offered_for(GST_PAD_SINK, in), UnorderedElementsAreArray(deep)) << in;
  }
  for (const std::string& in : kTwelveBits) {
    EXPECT_THAT(offered_for(GST_PAD_SINK, in), UnorderedElementsAreArray(kTwelveBits)) << in;
  }
  EXPECT_THAT(offered_for(GST_PAD_SINK, "RGB"), IsEmpty());
}

TEST(CapsTest, EveryOutputIsOfferedTheFormatsOfItsDepthAndLessAndGrey) {
  const Names eight = kEightBits + Names{"GRAY8", "GRAY16_LE"};
  for (const std::string& out : kEightBits) {
    EXPECT_THAT(offered_for(GST_PAD_SRC, out), UnorderedElementsAreArray(eight)) << out;
  }
  for (const std::string& out : kTenBits) {
    EXPECT_THAT(offered_for(GST_PAD_SRC, out), UnorderedElementsAreArray(eight + kTenBits)) << out;
  }
  for (const std::string& out : kTwelveBits) {
    EXPECT_THAT(offered_for(GST_PAD_SRC, out),
                UnorderedElementsAreArray(eight + kTenBits + kTwelveBits))
        << out;
  }
  EXPECT_THAT(offered_for(GST_PAD_SRC, "GRAY8"), IsEmpty());
}

TEST(CapsTest, DepthThatIsTakenByNobodyIsNotNegotiated) {
  ColorizeHarness harness;
  harness.set_caps(caps_text("I420_10LE", 64, 48), raw("format=I420"));
  EXPECT_EQ(gst_harness_push(harness.get(), make_frame(caps_text("I420_10LE", 64, 48))),
            GST_FLOW_NOT_NEGOTIATED);
}

TEST(CapsTest, FormatsAreDescribedAsGStreamerDescribesThem) {
  for (const PixelFormat& format : cgan::kPixelFormats) {
    const GstVideoFormatInfo* info =
        gst_video_format_get_info(gst_video_format_from_string(format.name));
    ASSERT_NE(info->format, GST_VIDEO_FORMAT_UNKNOWN) << format.name;
    EXPECT_EQ(cgan::find_pixel_format(format.format), &format) << format.name;
    EXPECT_EQ(static_cast<int>(info->depth[0]), format.depth) << format.name;
    EXPECT_EQ(static_cast<int>(info->shift[0]), format.shift) << format.name;
    EXPECT_EQ(info->pixel_stride[0], format.sample_bytes()) << format.name;
    EXPECT_EQ(GST_VIDEO_FORMAT_INFO_IS_YUV(info), format.has_chroma()) << format.name;
    if (!format.has_chroma()) continue;
    EXPECT_EQ(1 << info->w_sub[1], format.step_x) << format.name;
    EXPECT_EQ(1 << info->h_sub[1], format.step_y) << format.name;
    const bool is_interleaved = format.layout == cgan::ChromaLayout::kInterleaved;
    EXPECT_EQ(info->n_planes, is_interleaved ? 2u : 3u) << format.name;
    const guint* order = is_interleaved ? info->poffset : info->plane;
    EXPECT_EQ(order[2] < order[1], format.cr_first) << format.name;
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
        Refusal{caps_text("I420", 64, 48), raw("colorimetry=bt709"), "does not fit"},
        Refusal{caps_text("I420", 64, 48), raw("colorimetry=(string)1:4:16:4"), "does not fit"},
        Refusal{caps_text("P010_10LE", 64, 48), raw("colorimetry=bt2020"), "does not fit"},
        Refusal{caps_text("GRAY8", 64, 48), raw("colorimetry=sRGB"), "does not fit"},
        Refusal{caps_text("I420", 64, 48), raw("colorimetry=sRGB"), "does not fit"},
        Refusal{caps_text("GRAY8", 64, 48, "colorimetry=bt601"), raw("colorimetry=(string)1:3:5:1"),
                "does not fit"}));

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
