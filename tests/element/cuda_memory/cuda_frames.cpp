#include "tests/element/cuda_memory/cuda_frames.h"

#include <gmock/gmock.h>

std::string cuda_caps_text(const std::string& format, int width, int height,
                           const std::string& more) {
  const std::string host = caps_text(format, width, height, more);
  return "video/x-raw(memory:CUDAMemory)" + host.substr(std::string("video/x-raw").size());
}

GstBuffer* make_cuda_frame(GstCudaContext* context, const std::string& caps_string) {
  GstCaps* caps = gst_caps_from_string(caps_string.c_str());
  GstVideoInfo info;
  EXPECT_TRUE(gst_video_info_from_caps(&info, caps));
  GstBufferPool* pool = gst_cuda_buffer_pool_new(context);
  GstStructure* config = gst_buffer_pool_get_config(pool);
  gst_buffer_pool_config_set_params(config, caps, GST_VIDEO_INFO_SIZE(&info), 0, 0);
  EXPECT_TRUE(gst_buffer_pool_set_config(pool, config));
  EXPECT_TRUE(gst_buffer_pool_set_active(pool, TRUE));
  GstBuffer* frame = nullptr;
  EXPECT_EQ(gst_buffer_pool_acquire_buffer(pool, &frame, nullptr), GST_FLOW_OK);
  gst_buffer_pool_set_active(pool, FALSE);
  gst_object_unref(pool);
  gst_caps_unref(caps);

  GstBuffer* const original = make_frame(caps_string);
  GstVideoFrame from, to;
  EXPECT_TRUE(gst_video_frame_map(&from, &info, original, GST_MAP_READ));
  EXPECT_TRUE(gst_video_frame_map(&to, &info, frame, GST_MAP_WRITE));
  gst_video_frame_copy(&to, &from);
  gst_video_frame_unmap(&from);
  gst_video_frame_unmap(&to);
  gst_buffer_unref(original);
  return frame;
}

std::vector<int> card_codes(GstBuffer* frame, const std::string& caps, guint component) {
  return codes_of(frame, caps, component, static_cast<GstMapFlags>(GST_MAP_READ | GST_MAP_CUDA));
}

CudaContext asked_context(GstElement* element, const char* name) {
  GstPad* pad = gst_element_get_static_pad(element, name);
  GstQuery* query = gst_query_new_context(GST_CUDA_CONTEXT_TYPE);
  GstCudaContext* context = nullptr;
  if (gst_pad_query(pad, query)) {
    GstContext* answer = nullptr;
    gst_query_parse_context(query, &answer);
    gst_structure_get(gst_context_get_structure(answer), GST_CUDA_CONTEXT_TYPE,
                      GST_TYPE_CUDA_CONTEXT, &context, nullptr);
  }
  gst_query_unref(query);
  gst_object_unref(pad);
  return CudaContext(context);
}

bool is_primary(GstCudaContext* context, int card) {
  return fake_cuda().primary(card) == gst_cuda_context_get_handle(context);
}

void CudaTest::SetUp() {
  fake_cuda().begin();
}

void CudaTest::TearDown() {
  const FakeCuda& fake = fake_cuda();
  EXPECT_THAT(fake.faults, testing::IsEmpty());
  EXPECT_EQ(fake.arrays(), 0u) << "left on the card";
  EXPECT_EQ(fake.host_arrays(), 0u);
  EXPECT_EQ(fake.contexts, 0);
  for (const int retained : fake.retained) EXPECT_EQ(retained, 0);
}
