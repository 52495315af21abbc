#include "plugin/element/frame_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>

#include <string_view>

#include "plugin/element/format_choice.h"
#include "tests/element/colorize_harness.h"
#include "tests/element/fake_colorizer.h"

namespace {

using cgan::find_pixel_format;
using cgan::formats_of;
using cgan::partners;
using cgan::PixelFormat;
using testing::Each;
using testing::HasSubstr;

struct Size {
  int width, height;
};
class FormatTest : public testing::TestWithParam<const char*> {};

std::vector<const char*> yuv_formats() {
  std::vector<const char*> names;
  for (const PixelFormat* format : formats_of(GST_PAD_SRC)) names.push_back(format->name);
  return names;
}
std::vector<const char*> all_formats() {
  std::vector<const char*> names;
  for (const PixelFormat* format : formats_of(GST_PAD_SINK)) names.push_back(format->name);
  return names;
}

// Luma of another depth, in whole numbers: limited range by zero bits, full range (grey) to the
// nearest code.
int slow_luma(int code, int from, int to, bool is_full) {
  if (!is_full) return code << (to - from);
  const int64_t highest_in = (1 << from) - 1, highest_out = (1 << to) - 1;
  return static_cast<int>((2 * code * highest_out + highest_in) / (2 * highest_in));
}

TEST_P(FormatTest, GoesIntoEveryPartnerWithItsLumaAndWholeChromaAtAnyStrideAndOffset) {
  const PixelFormat& in_format = *find_pixel_format(std::string_view(GetParam()));
  ColorizeHarness harness({{"variant", "9"}, {"saturation", "0.5"}});
  for (const PixelFormat* out_format : partners(GST_PAD_SINK, in_format)) {
    for (const Size size :
         {Size{16, 16}, Size{17, 19}, Size{33, 47}, Size{64, 48}, Size{129, 65}}) {
      for (const int padding : {0, 13}) {
        const std::string in = caps_text(in_format.name, size.width, size.height);
        const std::string out = caps_text(out_format->name, size.width, size.height);
        harness.set_caps(in, "video/x-raw, format=" + std::string(out_format->name));
        GstBuffer* source = padding == 0 ? make_frame(in) : make_padded_frame(in, padding, 5);
        const auto bytes = plane_of(source, in, 0);
        const auto luma = codes_of(source, in, 0);
        GstBuffer* result = harness.through(source);
        ASSERT_NE(result, nullptr) << in << " -> " << out;
        const auto found = codes_of(result, out, 0);
        ASSERT_EQ(found.size(), luma.size());
        for (size_t i = 0; i < luma.size(); ++i) {
          ASSERT_EQ(found[i],
                    slow_luma(luma[i], in_format.depth, out_format->depth, !in_format.has_chroma()))
              << in << " -> " << out << " at " << i;
        }
        if (in_format.depth == out_format->depth && in_format.shift == out_format->shift) {
          ASSERT_EQ(plane_of(result, out, 0), bytes);
        }
        const int step = 1 << (out_format->depth - 8);
        ASSERT_THAT(codes_of(result, out, 1), Each(144 * step)) << in << " -> " << out;
        ASSERT_THAT(codes_of(result, out, 2), Each(137 * step)) << in << " -> " << out;
        gst_buffer_unref(result);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, FormatTest, testing::ValuesIn(all_formats()),
                         [](const auto& format) { return std::string(format.param); });

TEST(InPlaceTest, EqualFormatsReuseTheBufferAndOthersDoNot) {
  ColorizeHarness harness;
  for (const char* format : yuv_formats()) {
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
  const guint8 caption[] = {0xfc, 0x94, 0x20};
  gst_buffer_add_video_caption_meta(frame, GST_VIDEO_CAPTION_TYPE_CEA708_RAW, caption,
                                    sizeof caption);
  gst_buffer_add_video_affine_transformation_meta(frame);
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
  auto* time_code = gst_buffer_get_video_time_code_meta(result);
  ASSERT_NE(time_code, nullptr);
  EXPECT_EQ(time_code->tc.seconds, 3u);
  auto* captions = gst_buffer_get_video_caption_meta(result);
  ASSERT_NE(captions, nullptr);
  EXPECT_EQ(std::vector<guint8>(captions->data, captions->data + captions->size),
            std::vector<guint8>(std::begin(caption), std::end(caption)));
  EXPECT_NE(gst_buffer_get_video_affine_transformation_meta(result), nullptr);
  gst_buffer_unref(result);
}

TEST_P(MetaTest, RotationTagsAndPixelAspectRatioGoOn) {
  ColorizeHarness harness;
  harness.set_caps(caps_text(GetParam(), 64, 48, "pixel-aspect-ratio=16/15"));
  gst_harness_push_event(harness.get(), gst_event_new_tag(gst_tag_list_new(
                                            GST_TAG_IMAGE_ORIENTATION, "rotate-90", nullptr)));
  gst_buffer_unref(harness.through(make_frame(caps_text(GetParam(), 64, 48))));
  EXPECT_THAT(harness.out_caps(), HasSubstr("pixel-aspect-ratio=(fraction)16/15"));
  std::string orientation;
  while (GstEvent* event = gst_harness_try_pull_event(harness.get())) {
    if (GST_EVENT_TYPE(event) == GST_EVENT_TAG) {
      GstTagList* tags = nullptr;
      gst_event_parse_tag(event, &tags);
      gchar* text = nullptr;
      if (gst_tag_list_get_string(tags, GST_TAG_IMAGE_ORIENTATION, &text)) orientation = text;
      g_free(text);
    }
    gst_event_unref(event);
  }
  EXPECT_EQ(orientation, "rotate-90");
}

INSTANTIATE_TEST_SUITE_P(InPlaceAndCopied, MetaTest, testing::Values("I420", "GRAY8", "P010_10LE"));

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

TEST_P(RefusedFrameTest, ABufferWithoutMemoryIsAnError) {
  expect_refused(caps_text(GetParam(), 64, 48), gst_buffer_new(), "0 bytes");
}

TEST_P(RefusedFrameTest, AVideoMetaWithAPlaneTooFewOrBehindTheBufferIsAnError) {
  const std::string caps = caps_text(GetParam(), 64, 48);
  GstBuffer* frame = make_padded_frame(caps, 0, 0);
  gst_buffer_get_video_meta(frame)->n_planes -= 1;
  expect_refused(caps, frame, "the video meta");
  frame = make_padded_frame(caps, 0, 0);
  GstVideoMeta* meta = gst_buffer_get_video_meta(frame);
  meta->offset[meta->n_planes - 1] = gst_buffer_get_size(frame) + 100;
  expect_refused(caps, frame, "mapped");
}

INSTANTIATE_TEST_SUITE_P(Every, RefusedFrameTest, testing::ValuesIn(all_formats()),
                         [](const auto& format) { return std::string(format.param); });

}  // namespace
