// Frames of every pair of formats through one element with the real colorizer and its model: what
// the element tells it and what it writes fit together.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/element/format_choice.h"
#include "tests/element/colorize_harness.h"

namespace {

using cgan::formats_of;
using cgan::partners;
using cgan::PixelFormat;

const std::string kRaw = "video/x-raw, format=";

// Luma of another depth and range by Rec. ITU-T H.273, in whole numbers.
int slow_luma(int64_t code, int from, int to, bool from_full, bool to_full) {
  const int64_t in_step = 1 << (from - 8), out_step = 1 << (to - 8);
  const int64_t in_scale = from_full ? (1 << from) - 1 : 219 * in_step;
  const int64_t out_scale = to_full ? (1 << to) - 1 : 219 * out_step;
  const int64_t signal = from_full ? code : code - 16 * in_step;
  const int64_t exact = signal * out_scale + (to_full ? 0 : 16 * out_step) * in_scale;
  const int64_t nearest = (2 * exact + in_scale) / (2 * in_scale);
  return static_cast<int>(std::clamp<int64_t>(nearest, 0, (1 << to) - 1));
}

class RealPathTest : public testing::TestWithParam<const char*> {
 protected:
  static void SetUpTestSuite() { harness_ = new ColorizeHarness({{"device", "cpu"}}); }
  static void TearDownTestSuite() { delete harness_; }

  // Colours a frame at odd addresses and looks at every sample that comes out.
  static void expect_coloured(const PixelFormat& in_format, const PixelFormat& out_format,
                              int width, int height, const std::string& asked, bool to_full) {
    const std::string in = caps_text(in_format.name, width, height);
    const std::string out = caps_text(out_format.name, width, height);
    harness_->set_caps(in, kRaw + out_format.name + asked);
    GstBuffer* frame = make_padded_frame(in, 13, 5);
    const auto bytes = plane_of(frame, in, 0);
    const auto luma = codes_of(frame, in, 0);
    GstBuffer* result = harness_->through(frame);
    ASSERT_NE(result, nullptr) << in << " -> " << out;
    const bool from_full = !in_format.has_chroma();
    const auto found = codes_of(result, out, 0);
    for (size_t i = 0; i < luma.size(); ++i) {
      ASSERT_EQ(found[i], slow_luma(luma[i], in_format.depth, out_format.depth, from_full, to_full))
          << in << " -> " << out << " at " << i;
    }
    if (in_format.depth == out_format.depth && in_format.shift == out_format.shift &&
        from_full == to_full) {
      EXPECT_EQ(plane_of(result, out, 0), bytes);
    }
    for (const guint component : {1u, 2u}) {
      const auto chroma = codes_of(result, out, component);
      const auto [lowest, highest] = std::minmax_element(chroma.begin(), chroma.end());
      const int step = 1 << (out_format.depth - 8);
      EXPECT_GE(*lowest, to_full ? 0 : 16 * step);
      EXPECT_LE(*highest, to_full ? 256 * step - 1 : 240 * step);
      // Soft colours of a model: no sample far from neutral, as swapped or shifted bytes are.
      EXPECT_GT(*lowest, 28 * step) << in << " -> " << out;
      EXPECT_LT(*highest, 228 * step) << in << " -> " << out;
      EXPECT_LT(*lowest, *highest) << in << " -> " << out;
    }
    gst_buffer_unref(result);
  }

  static ColorizeHarness* harness_;
};
ColorizeHarness* RealPathTest::harness_ = nullptr;

TEST_P(RealPathTest, ColoursIntoEveryPartnerAndKeepsTheLuma) {
  const PixelFormat& in = *cgan::find_pixel_format(std::string_view(GetParam()));
  for (const PixelFormat* out : partners(GST_PAD_SINK, in)) {
    // One tile of the network: its time is the test's.
    expect_coloured(in, *out, 31, 17, "", !in.has_chroma());
    if (!in.has_chroma()) expect_coloured(in, *out, 17, 19, ", colorimetry=bt709", false);
  }
  EXPECT_TRUE(harness_->errors().empty());
}

TEST_P(RealPathTest, ColoursBothFieldsAndKeepsTheLuma) {
  const PixelFormat& format = *cgan::find_pixel_format(std::string_view(GetParam()));
  if (!format.has_chroma()) GTEST_SKIP() << "no format of the output";
  const std::string caps = caps_text(format.name, 48, 40, "interlace-mode=interleaved");
  harness_->set_caps(caps);
  GstBuffer* frame = make_padded_frame(caps, 13, 5);
  GST_BUFFER_FLAG_SET(frame, GST_VIDEO_BUFFER_FLAG_INTERLACED | GST_VIDEO_BUFFER_FLAG_TFF);
  const auto luma = plane_of(frame, caps, 0);
  const int before = codes_of(frame, caps, 1).front();
  GstBuffer* result = harness_->through(frame);
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(plane_of(result, caps, 0), luma);
  EXPECT_TRUE(GST_BUFFER_FLAG_IS_SET(result, GST_VIDEO_BUFFER_FLAG_TFF));
  const auto chroma = codes_of(result, caps, 1);
  EXPECT_EQ(std::count(chroma.begin(), chroma.end(), before), 0);
  gst_buffer_unref(result);
}

std::vector<const char*> names() {
  std::vector<const char*> result;
  for (const PixelFormat* format : formats_of(GST_PAD_SINK)) result.push_back(format->name);
  return result;
}

INSTANTIATE_TEST_SUITE_P(Every, RealPathTest, testing::ValuesIn(names()),
                         [](const auto& format) { return std::string(format.param); });

}  // namespace
