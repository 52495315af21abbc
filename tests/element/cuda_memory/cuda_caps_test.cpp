// What the element takes and gives where frames may lie on a card.

#include <gmock/gmock.h>

#include "plugin/element/format_choice.h"
#include "tests/element/cuda_memory/cuda_frames.h"

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CudaCapsTest = CudaTest;

constexpr Properties kOnCard = {{"device", "cuda"}, {"device-passes", "true"}};

const std::string kCard = "video/x-raw(memory:CUDAMemory)", kHost = "video/x-raw";

// In the order of preference, each once: "card", "host".
std::vector<std::string> memories(GstElement* element, const char* name,
                                  GstCaps* filter = nullptr) {
  GstPad* pad = gst_element_get_static_pad(element, name);
  GstCaps* caps = gst_pad_query_caps(pad, filter);
  std::vector<std::string> result;
  for (guint i = 0; i < gst_caps_get_size(caps); ++i) {
    const bool is_card =
        gst_caps_features_contains(gst_caps_get_features(caps, i), "memory:CUDAMemory");
    const char* memory = is_card ? "card" : "host";
    if (result.empty() || result.back() != memory) result.push_back(memory);
  }
  gst_caps_unref(caps);
  gst_object_unref(pad);
  return result;
}

TEST_F(CudaCapsTest, TheCardsMemoryComesFirst) {
  ColorizeHarness harness(kOnCard);
  EXPECT_THAT(memories(harness.element(), "sink"), ElementsAre("card", "host"));
  EXPECT_THAT(memories(harness.element(), "src"), ElementsAre("card", "host"));
  EXPECT_TRUE(accepts(harness.element(), cuda_caps_text("NV12", 64, 48)));
  EXPECT_TRUE(accepts(harness.element(), caps_text("NV12", 64, 48)));
}

TEST_F(CudaCapsTest, WhateverOrderTheNeighboursHave) {
  for (const std::string& order : {kCard + "; " + kHost, kHost + "; " + kCard}) {
    ColorizeHarness harness(kOnCard);
    gst_harness_set_sink_caps_str(harness.get(), order.c_str());
    EXPECT_THAT(memories(harness.element(), "sink"), ElementsAre("card", "host")) << order;
    GstCaps* filter = gst_caps_from_string(order.c_str());
    EXPECT_THAT(memories(harness.element(), "sink", filter), ElementsAre("card", "host")) << order;
    gst_caps_unref(filter);
  }
}

TEST_F(CudaCapsTest, ANeighbourOfOneMemoryDecides) {
  ColorizeHarness harness(kOnCard);
  gst_harness_set_sink_caps_str(harness.get(), kHost.c_str());
  EXPECT_THAT(memories(harness.element(), "sink"), ElementsAre("host"));
  gst_harness_set_sink_caps_str(harness.get(), kCard.c_str());
  EXPECT_THAT(memories(harness.element(), "sink"), ElementsAre("card"));
}

TEST_F(CudaCapsTest, WithoutPassesOnTheCardThereIsOnlyTheHost) {
  for (const Properties& properties : {Properties{}, Properties{{"device", "cuda"}},
                                       Properties{{"device", "cpu"}, {"device-passes", "true"}}}) {
    GstElement* element = make_colorize(properties);
    gst_object_ref_sink(element);
    for (const GstState state : {GST_STATE_NULL, GST_STATE_READY}) {
      gst_element_set_state(element, state);
      EXPECT_THAT(memories(element, "sink"), ElementsAre("host"));
      EXPECT_THAT(memories(element, "src"), ElementsAre("host"));
      EXPECT_FALSE(accepts(element, cuda_caps_text("NV12", 64, 48)));
    }
    gst_element_set_state(element, GST_STATE_NULL);
    gst_object_unref(element);
  }
}

TEST_F(CudaCapsTest, InNullTheCardIsExpected) {
  GstElement* element = make_colorize(kOnCard);
  gst_object_ref_sink(element);
  EXPECT_THAT(memories(element, "sink"), ElementsAre("card", "host"));
  gst_object_unref(element);
}

struct Neighbours {
  std::string upstream, downstream;  // what they have, as their templates say
  std::string format;                // wanted out
};

class CudaNegotiationTest : public CudaTest, public testing::WithParamInterface<Neighbours> {};

// GStreamer 1.22's decoder and encoder of NVIDIA: both can also do without the card's memory.
TEST_P(CudaNegotiationTest, FramesStayOnTheCard) {
  ColorizeHarness harness(kOnCard);
  gst_harness_set_sink_caps_str(harness.get(), GetParam().downstream.c_str());
  // As a decoder does: the first that downstream takes of its own.
  GstPad* pad = gst_element_get_static_pad(harness.element(), "sink");
  GstCaps* own = gst_caps_from_string(GetParam().upstream.c_str());
  GstCaps* allowed = gst_pad_query_caps(pad, own);
  allowed = gst_caps_fixate(allowed);
  gchar* in = gst_caps_to_string(allowed);
  harness.set_caps(in, GetParam().downstream);
  EXPECT_THAT(std::string(in), testing::HasSubstr("memory:CUDAMemory"));

  GstBuffer* out = harness.through(make_cuda_frame(asked_context(harness.element()).get(), in));
  ASSERT_NE(out, nullptr);
  gst_buffer_unref(out);
  EXPECT_EQ(fake_record().stream.memory, CGAN_MEMORY_CUDA);
  EXPECT_THAT(harness.out_caps(), testing::HasSubstr("memory:CUDAMemory"));
  EXPECT_THAT(harness.out_caps(), testing::HasSubstr("format=(string)" + GetParam().format));
  g_free(in);
  gst_caps_unref(allowed);
  gst_caps_unref(own);
  gst_object_unref(pad);
}

const std::string kSize = ", width=64, height=48, framerate=25/1";
const std::string kDecoder =
    kHost + ", format=NV12" + kSize + "; " + kCard + ", format=NV12" + kSize;
const std::string kEncoder = kCard + ", format={NV12,Y444}; " + kHost + ", format={NV12,Y444}; " +
                             "video/x-raw(memory:GLMemory), format={NV12,Y444}";

INSTANTIATE_TEST_SUITE_P(Neighbours, CudaNegotiationTest,
                         testing::Values(Neighbours{kDecoder, kEncoder, "NV12"},
                                         Neighbours{kDecoder, kHost + "; " + kCard, "NV12"},
                                         Neighbours{kCard + ", format=P010_10LE" + kSize,
                                                    kCard + ", format={NV12,P010_10LE}; " + kHost,
                                                    "P010_10LE"},
                                         Neighbours{kDecoder, kCard + ", format=Y444", "Y444"}));

struct Shape {
  const char* format;
  int width, height;
};

void PrintTo(const Shape& shape, std::ostream* out) {
  *out << shape.format << " " << shape.width << "x" << shape.height;
}

class CudaFormatTest : public CudaTest, public testing::WithParamInterface<Shape> {};

// GStreamer's allocator decides the planes, and ends the process for a format that it has not.
TEST_P(CudaFormatTest, IsColouredOnTheCard) {
  const auto [format, width, height] = GetParam();
  const std::string caps = cuda_caps_text(format, width, height);
  ColorizeHarness harness(kOnCard);
  for (const cgan::PixelFormat* out :
       cgan::partners(GST_PAD_SINK, *cgan::find_pixel_format(format), CGAN_MEMORY_CUDA)) {
    const std::string out_caps = cuda_caps_text(out->name, width, height);
    harness.set_caps(caps, kCard + ", format=" + out->name);
    GstBuffer* in = make_cuda_frame(asked_context(harness.element()).get(), caps);
    const std::vector<int> luma = card_codes(in, caps, 0);
    GstBuffer* coloured = harness.through(in);
    ASSERT_NE(coloured, nullptr) << out->name;
    if (out->depth == cgan::find_pixel_format(format)->depth) {
      EXPECT_EQ(card_codes(coloured, out_caps, 0), luma) << out->name;
    }
    EXPECT_THAT(card_codes(coloured, out_caps, 1), testing::Each(160 << (out->depth - 8)))
        << out->name;
    EXPECT_THAT(card_codes(coloured, out_caps, 2), testing::Each(128 << (out->depth - 8)))
        << out->name;
    gst_buffer_unref(coloured);
  }
  EXPECT_THAT(harness.errors(), IsEmpty());
}

std::vector<Shape> shapes() {
  std::vector<Shape> result;
  for (const cgan::PixelFormat* format : cgan::formats_of(GST_PAD_SINK, CGAN_MEMORY_CUDA)) {
    for (const auto& [width, height] : {std::pair{64, 48}, {65, 49}, {384, 17}}) {
      result.push_back({format->name, width, height});
    }
  }
  return result;
}

INSTANTIATE_TEST_SUITE_P(Shapes, CudaFormatTest, testing::ValuesIn(shapes()));

}  // namespace
