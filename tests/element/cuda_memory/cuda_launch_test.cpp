// The element among GStreamer's own of the plugin nvcodec, as far as these need no card.

#include <gmock/gmock.h>
#include <gmodule.h>

#include "tests/element/cuda_memory/cuda_frames.h"

namespace {

constexpr int kFrames = 4;

// Whether the elements are there; the registry cannot know, having been made without a card.
bool has_neighbours() {
  // Where GStreamer then finds it by its name.
  if (g_module_open(FAKE_CUVID, G_MODULE_BIND_LAZY) == nullptr) return false;
  GError* error = nullptr;
  GstPlugin* plugin = gst_plugin_load_file(NVCODEC_PLUGIN, &error);
  if (plugin == nullptr) {
    g_clear_error(&error);
    return false;
  }
  gst_object_unref(plugin);
  GstElementFactory* factory = gst_element_factory_find("cudaupload");
  const bool is_there = factory != nullptr;
  gst_clear_object(&factory);
  return is_there;
}

class CudaLaunchTest : public CudaTest {
 protected:
  void SetUp() override {
    if (!has_neighbours()) GTEST_SKIP() << "GStreamer's plugin nvcodec is not there";
    CudaTest::SetUp();
  }
};

// Runs to the end; the bytes that came to an element named "sink", or nothing after an error.
std::vector<uint8_t> run(const std::string& description) {
  GError* error = nullptr;
  GstElement* pipeline = gst_parse_launch(description.c_str(), &error);
  if (error != nullptr) ADD_FAILURE() << error->message;
  g_clear_error(&error);
  if (pipeline == nullptr) return {};
  std::vector<uint8_t> bytes;
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  g_object_set(sink, "signal-handoffs", TRUE, nullptr);
  g_signal_connect(sink, "handoff",
                   G_CALLBACK(+[](GstElement*, GstBuffer* frame, GstPad*, gpointer to) {
                     GstMapInfo map;
                     ASSERT_TRUE(gst_buffer_map(frame, &map, GST_MAP_READ));
                     auto& all = *static_cast<std::vector<uint8_t>*>(to);
                     all.insert(all.end(), map.data, map.data + map.size);
                     gst_buffer_unmap(frame, &map);
                   }),
                   &bytes);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* end = gst_bus_timed_pop_filtered(
      bus, 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  if (end == nullptr || GST_MESSAGE_TYPE(end) != GST_MESSAGE_EOS) {
    ADD_FAILURE() << description;
    bytes.clear();
  }
  gst_clear_message(&end);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(sink);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
  return bytes;
}

const std::string kSource = "videotestsrc num-buffers=" + std::to_string(kFrames) +
                            " ! video/x-raw,format=NV12,width=64,height=48 ! ";
const std::string kColorize = "cgancolorize device=cuda device-passes=true ! ";
const std::string kSink = "fakesink name=sink sync=false";
const std::string kHost = "video/x-raw,format=NV12 ! " + kSink;
constexpr size_t kNv12 = 64 * 48 * 3 / 2, kY444 = 64 * 48 * 3;  // bytes

TEST_F(CudaLaunchTest, FramesGoToTheCardOnceAndComeBackOnce) {
  const std::vector<uint8_t> wanted = run(kSource + kColorize + kHost);
  EXPECT_EQ(wanted.size(), kFrames * kNv12);
  EXPECT_EQ(fake_cuda().crossed, 0u);
  EXPECT_EQ(run(kSource + "cudaupload ! " + kColorize + "cudadownload ! " + kHost), wanted);
  EXPECT_EQ(fake_record().stream.memory, CGAN_MEMORY_CUDA);
  EXPECT_EQ(fake_cuda().crossed, kFrames * 2 * kNv12);
  EXPECT_EQ(fake_cuda().times("cuCtxCreate"), 0) << "one context for all";
}

TEST_F(CudaLaunchTest, InAnotherFormatToo) {
  const std::string format = "video/x-raw,format=Y444 ! ";
  const std::vector<uint8_t> wanted = run(kSource + kColorize + format + kSink);
  EXPECT_EQ(run(kSource + "cudaupload ! " + kColorize + "cudadownload ! " + format + kSink),
            wanted);
  EXPECT_EQ(fake_record().stream.memory, CGAN_MEMORY_CUDA);
  EXPECT_EQ(fake_cuda().crossed, kFrames * (kNv12 + kY444));
}

TEST_F(CudaLaunchTest, TwoElementsInOnePipelineShareTheContext) {
  EXPECT_FALSE(run(kSource + "cudaupload ! " + kColorize + "queue ! " + kColorize +
                   "cudadownload ! " + kHost)
                   .empty());
  EXPECT_EQ(fake_cuda().times("cuDevicePrimaryCtxRetain"), 1);
  EXPECT_EQ(fake_cuda().crossed, kFrames * 2 * kNv12);
}

TEST_F(CudaLaunchTest, AFilterForTheCardsMemoryLinksBeforeTheElementHasLeftNull) {
  const std::string card = "video/x-raw(memory:CUDAMemory) ! ";
  EXPECT_FALSE(
      run(kSource + "cudaupload ! " + card + kColorize + card + "cudadownload ! " + kHost).empty());
}

TEST_F(CudaLaunchTest, WhereThePassesRunOnTheHostFramesComeBackBeforeIt) {
  EXPECT_FALSE(run(kSource +
                   "cudaupload ! cudadownload ! cgancolorize device=cpu "
                   "device-passes=true ! cudaupload ! cudadownload ! " +
                   kHost)
                   .empty());
  EXPECT_EQ(fake_record().stream.memory, CGAN_MEMORY_HOST);
}

}  // namespace
