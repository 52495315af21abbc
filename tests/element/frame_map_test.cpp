#include "plugin/element/frame_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

using testing::Each;
using testing::HasSubstr;

struct Size {
  int width, height;
};
using FormatPair = std::pair<const char*, const char*>;

class LumaTest : public testing::TestWithParam<std::tuple<FormatPair, Size, int>> {};

TEST_P(LumaTest, IsBitExactAndChromaIsWrittenWhole) {
  const auto& [formats, size, padding] = GetParam();
  const std::string in = caps_text(formats.first, size.width, size.height);
  const std::string out = caps_text(formats.second, size.width, size.height);
  ColorizeHarness harness({{"variant", "9"}, {"saturation", "0.5"}});
  harness.set_caps(in, "video/x-raw, format=" + std::string(formats.second));
  GstBuffer* source = padding == 0 ? make_frame(in) : make_padded_frame(in, padding, 5);
  const auto luma = plane_of(source, in, 0);
  GstBuffer* result = harness.through(source);
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(plane_of(result, out, 0), luma);
  const auto first_chroma = plane_of(result, out, 1);
  if (std::string(formats.second) == "NV12") {
    for (size_t i = 0; i < first_chroma.size(); ++i) {
      ASSERT_EQ(first_chroma[i], i % 2 == 0 ? 144 : 137) << "byte " << i;
    }
  } else {
    EXPECT_THAT(first_chroma, Each(144));
    EXPECT_THAT(plane_of(result, out, 2), Each(137));
  }
  gst_buffer_unref(result);
}

INSTANTIATE_TEST_SUITE_P(
    FormatsSizesAndStrides, LumaTest,
    testing::Combine(testing::Values(FormatPair{"I420", "I420"}, FormatPair{"I420", "NV12"},
                                     FormatPair{"I420", "Y444"}, FormatPair{"NV12", "NV12"},
                                     FormatPair{"NV12", "I420"}, FormatPair{"NV12", "Y444"},
                                     FormatPair{"GRAY8", "I420"}, FormatPair{"GRAY8", "NV12"},
                                     FormatPair{"GRAY8", "Y444"}),
                     testing::Values(Size{1, 1}, Size{2, 1}, Size{1, 2}, Size{64, 48}, Size{65, 63},
                                     Size{385, 289}),
                     testing::Values(0, 13)));

TEST(InPlaceTest, EqualFormatsReuseTheBufferAndOthersDoNot) {
  ColorizeHarness harness;
  for (const char* format : {"I420", "NV12"}) {
    const std::string caps = caps_text(format, 64, 48);
    harness.set_caps(caps);
    GstBuffer* frame = make_frame(caps);
    GstBuffer* result = harness.through(frame);
    EXPECT_EQ(result, frame);
    EXPECT_TRUE(fake_record().is_in_place);
    gst_buffer_unref(result);
  }
  harness.set_caps(caps_text("I420", 64, 48), "video/x-raw, format=NV12");
  gst_buffer_unref(harness.through(make_frame(caps_text("I420", 64, 48))));
  EXPECT_FALSE(fake_record().is_in_place);
}

TEST(InPlaceTest, ABufferThatOthersHoldIsNotWrittenTo) {
  const std::string caps = caps_text("I420", 64, 48);
  ColorizeHarness harness;
  harness.set_caps(caps);
  GstBuffer* frame = make_frame(caps);
  GstBuffer* result = harness.through(gst_buffer_ref(frame));
  ASSERT_NE(result, nullptr);
  EXPECT_NE(result, frame);
  EXPECT_THAT(plane_of(frame, caps, 1), Each(77));
  EXPECT_THAT(plane_of(result, caps, 1), Each(160));
  EXPECT_EQ(plane_of(result, caps, 0), plane_of(frame, caps, 0));
  gst_buffer_unref(result);
  gst_buffer_unref(frame);
}

TEST(InPlaceTest, PaddingBetweenRowsIsLeftAlone) {
  const std::string caps = caps_text("NV12", 33, 21);
  ColorizeHarness harness;
  harness.set_caps(caps);
  GstBuffer* result = harness.through(make_padded_frame(caps, 13, 5));
  GstMapInfo map;
  ASSERT_TRUE(gst_buffer_map(result, &map, GST_MAP_READ));
  EXPECT_EQ(map.data[4], 201);       // the gap before luma
  EXPECT_EQ(map.data[5 + 33], 201);  // behind the first row
  gst_buffer_unmap(result, &map);
  gst_buffer_unref(result);
}

TEST(InPlaceTest, ALargerFrameInTheVideoMetaLendsItsUpperLeftPart) {
  const std::string larger = caps_text("I420", 80, 64), caps = caps_text("I420", 64, 48);
  ColorizeHarness harness;
  harness.set_caps(caps);
  GstBuffer* result = harness.through(make_padded_frame(larger, 0, 0));
  ASSERT_NE(result, nullptr);
  const auto chroma = plane_of(result, larger, 1);
  EXPECT_EQ(chroma[31], 160);
  EXPECT_EQ(chroma[32], 77);  // right of the part
  EXPECT_EQ(chroma[23 * 40], 160);
  EXPECT_EQ(chroma[24 * 40], 77);  // below it
  gst_buffer_unref(result);
}

class MetaTest : public testing::TestWithParam<const char*> {};

TEST_P(MetaTest, MetasTimesAndFlagsGoWithTheFrame) {
  const std::string caps = caps_text(GetParam(), 64, 48);
  ColorizeHarness harness;
  harness.set_caps(caps);
  GstBuffer* frame = make_frame(caps);
  GST_BUFFER_PTS(frame) = 40 * GST_MSECOND;
  GST_BUFFER_DTS(frame) = 30 * GST_MSECOND;
  GST_BUFFER_DURATION(frame) = 20 * GST_MSECOND;
  GST_BUFFER_OFFSET(frame) = 7;
  GST_BUFFER_FLAG_SET(frame, GST_BUFFER_FLAG_MARKER);
  gst_buffer_add_video_region_of_interest_meta(frame, "face", 3, 4, 5, 6);
  gst_buffer_add_video_afd_meta(frame, 0, GST_VIDEO_AFD_SPEC_ATSC_A53,
                                GST_VIDEO_AFD_4_3_FULL_16_9_FULL);
  gst_buffer_add_video_bar_meta(frame, 0, TRUE, 2, 2);
  gst_buffer_add_video_time_code_meta_full(frame, 25, 1, nullptr, GST_VIDEO_TIME_CODE_FLAGS_NONE, 1,
                                           2, 3, 4, 0);
  GstBuffer* result = harness.through(frame);
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(GST_BUFFER_PTS(result), 40 * GST_MSECOND);
  EXPECT_EQ(GST_BUFFER_DTS(result), 30 * GST_MSECOND);
  EXPECT_EQ(GST_BUFFER_DURATION(result), 20 * GST_MSECOND);
  EXPECT_EQ(GST_BUFFER_OFFSET(result), 7u);
  EXPECT_TRUE(GST_BUFFER_FLAG_IS_SET(result, GST_BUFFER_FLAG_MARKER));
  auto* region = gst_buffer_get_video_region_of_interest_meta_id(result, 0);
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region->x, 3u);
  EXPECT_EQ(region->h, 6u);
  EXPECT_NE(gst_buffer_get_meta(result, GST_VIDEO_AFD_META_API_TYPE), nullptr);
  EXPECT_NE(gst_buffer_get_meta(result, GST_VIDEO_BAR_META_API_TYPE), nullptr);
  EXPECT_NE(gst_buffer_get_video_time_code_meta(result), nullptr);
  gst_buffer_unref(result);
}

INSTANTIATE_TEST_SUITE_P(InPlaceAndCopied, MetaTest, testing::Values("I420", "GRAY8"));

// Pushes a frame that must be refused.
void expect_refused(const std::string& caps, GstBuffer* frame, const std::string& fact) {
  ColorizeHarness harness;
  harness.set_caps(caps);
  const int before = fake_record().frames;
  EXPECT_EQ(gst_harness_push(harness.get(), frame), GST_FLOW_ERROR);
  EXPECT_EQ(gst_harness_buffers_received(harness.get()), 0u);
  EXPECT_EQ(fake_record().frames, before);
  const auto errors = harness.errors();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].domain, GST_STREAM_ERROR);
  EXPECT_EQ(errors[0].code, GST_STREAM_ERROR_FORMAT);
  EXPECT_THAT(errors[0].debug, HasSubstr(fact));
}

class RefusedFrameTest : public testing::TestWithParam<const char*> {};

TEST_P(RefusedFrameTest, ABufferSmallerThanItsCapsIsAnError) {
  const std::string caps = caps_text(GetParam(), 64, 48);
  expect_refused(caps, gst_buffer_new_allocate(nullptr, 10, nullptr), "10 bytes");
}

TEST_P(RefusedFrameTest, AVideoMetaThatReachesBeyondTheBufferIsAnError) {
  const std::string caps = caps_text(GetParam(), 64, 48);
  GstBuffer* frame = make_padded_frame(caps, 13, 0);
  gst_buffer_set_size(frame, static_cast<gssize>(gst_buffer_get_size(frame)) - 40);
  expect_refused(caps, frame, "bytes left");
}

TEST_P(RefusedFrameTest, AVideoMetaOfASmallerFrameIsAnError) {
  const std::string caps = caps_text(GetParam(), 64, 48);
  expect_refused(caps, make_padded_frame(caps_text(GetParam(), 32, 48), 40, 0), "32x48");
}

TEST_P(RefusedFrameTest, AStrideBelowTheWidthIsAnError) {
  const std::string caps = caps_text(GetParam(), 64, 48);
  GstBuffer* frame = make_padded_frame(caps, 0, 0);
  gst_buffer_get_video_meta(frame)->stride[0] = 60;
  expect_refused(caps, frame, "stride of 60");
}

INSTANTIATE_TEST_SUITE_P(Formats, RefusedFrameTest, testing::Values("I420", "NV12", "GRAY8"));

}  // namespace
