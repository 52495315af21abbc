// Who works in which context of a card.

#include <gmock/gmock.h>

#include "tests/element/cuda_memory/cuda_frames.h"

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

using CudaContextTest = CudaTest;

constexpr Properties kOnCard = {{"device", "cuda"}, {"device-passes", "true"}};

struct Element {
  explicit Element(Properties properties) : self(make_colorize(properties)) {
    gst_object_ref_sink(self);
  }
  ~Element() {
    gst_element_set_state(self, GST_STATE_NULL);
    gst_object_unref(self);
  }
  GstElement* self;
};

TEST_F(CudaContextTest, ANeighbourThatAsksGetsThePrimaryContextEvenInNull) {
  const Element element(kOnCard);
  for (const char* pad : {"sink", "src"}) {
    const CudaContext context = asked_context(element.self, pad);
    ASSERT_NE(context, nullptr) << pad;
    EXPECT_TRUE(is_primary(context.get(), 0));
  }
  EXPECT_EQ(fake_cuda().times("cuCtxCreate"), 0);
}

TEST_F(CudaContextTest, TheNumberOfTheCardIsThatOfTheDevice) {
  const Element element({{"device", "cuda:1"}, {"device-passes", "true"}});
  EXPECT_TRUE(is_primary(asked_context(element.self).get(), 1));
  gst_element_set_state(element.self, GST_STATE_READY);
  const CudaContext context = asked_context(element.self);
  EXPECT_TRUE(is_primary(context.get(), 1));
  guint id = 0;
  g_object_get(context.get(), "cuda-device-id", &id, nullptr);
  EXPECT_EQ(id, 1u);
}

TEST_F(CudaContextTest, AutoKnowsItsCardFromReadyOn) {
  const Element element({{"device-passes", "true"}});
  EXPECT_EQ(asked_context(element.self), nullptr);
  gst_element_set_state(element.self, GST_STATE_READY);
  EXPECT_TRUE(is_primary(asked_context(element.self).get(), 0));
  gst_element_set_state(element.self, GST_STATE_NULL);
  EXPECT_EQ(asked_context(element.self), nullptr);
}

TEST_F(CudaContextTest, WithoutPassesOnTheCardThereIsNone) {
  for (const Properties& properties : {Properties{}, Properties{{"device", "cuda"}},
                                       Properties{{"device", "cpu"}, {"device-passes", "true"}}}) {
    const Element element(properties);
    EXPECT_EQ(asked_context(element.self), nullptr);
    gst_element_set_state(element.self, GST_STATE_READY);
    EXPECT_EQ(asked_context(element.self), nullptr);
  }
  EXPECT_THAT(fake_cuda().calls, IsEmpty());
}

TEST_F(CudaContextTest, AnotherDeviceBeforeTheStreamStartsTakesAnotherContext) {
  const Element element(kOnCard);
  gst_element_set_state(element.self, GST_STATE_READY);
  gst_util_set_object_arg(G_OBJECT(element.self), "device", "cuda:1");
  gst_element_set_state(element.self, GST_STATE_PAUSED);
  EXPECT_TRUE(is_primary(asked_context(element.self).get(), 1));
}

TEST_F(CudaContextTest, SeveralElementsShareOneObjectWhichEndsWithTheLast) {
  {
    const Element first(kOnCard), second(kOnCard);
    gst_element_set_state(first.self, GST_STATE_READY);
    gst_element_set_state(second.self, GST_STATE_READY);
    EXPECT_EQ(asked_context(first.self), asked_context(second.self));
    EXPECT_EQ(fake_cuda().retained[0], 1);
  }
  EXPECT_EQ(fake_cuda().retained[0], 0);
}

TEST_F(CudaContextTest, ThePipelineIsToldOfIt) {
  ColorizeHarness harness(kOnCard);
  GstMessage* message = harness.message(GST_MESSAGE_HAVE_CONTEXT);
  ASSERT_NE(message, nullptr);
  GstContext* told = nullptr;
  gst_message_parse_have_context(message, &told);
  EXPECT_TRUE(gst_context_has_context_type(told, GST_CUDA_CONTEXT_TYPE));
  gst_context_unref(told);
  gst_message_unref(message);
}

TEST_F(CudaContextTest, AnObjectOfTheApplicationForThePrimaryContextIsTaken) {
  CUcontext primary = static_cast<CUcontext>(fake_cuda().primary(0));
  const CudaContext own(gst_cuda_context_new_wrapped(primary, 0));
  GstContext* told = gst_context_new_cuda_context(own.get());
  {
    const Element element(kOnCard);
    gst_element_set_context(element.self, told);
    gst_element_set_state(element.self, GST_STATE_READY);
    EXPECT_EQ(asked_context(element.self), own);
  }
  gst_context_unref(told);
}

TEST_F(CudaContextTest, AForeignContextIsNotTaken) {
  const CudaContext foreign(gst_cuda_context_new(0));
  GstContext* told = gst_context_new_cuda_context(foreign.get());
  {
    const Element element(kOnCard);
    gst_element_set_context(element.self, told);
    gst_element_set_state(element.self, GST_STATE_READY);
    EXPECT_TRUE(is_primary(asked_context(element.self).get(), 0));
  }
  gst_context_unref(told);
}

class CudaOpeningTest : public CudaTest, public testing::WithParamInterface<const char*> {};

TEST_P(CudaOpeningTest, ACallThatFailsLeavesFramesToTheHostAndSaysWhich) {
  fake_cuda().failing = GetParam();
  ColorizeHarness harness(kOnCard);
  EXPECT_THAT(harness.warning(), HasSubstr("CUDA context"));
  EXPECT_EQ(harness.warning(), "");
  EXPECT_EQ(asked_context(harness.element()), nullptr);
  harness.set_caps(caps_text("I420", 64, 48));
  GstBuffer* out = harness.through(make_frame(caps_text("I420", 64, 48)));
  ASSERT_NE(out, nullptr);
  gst_buffer_unref(out);
  EXPECT_EQ(fake_record().stream.memory, CGAN_MEMORY_HOST);
  EXPECT_THAT(harness.errors(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Calls, CudaOpeningTest,
                         testing::Values("cuInit", "cuDeviceGet", "cuDevicePrimaryCtxRetain",
                                         "cuDeviceGetAttribute"));

TEST_F(CudaContextTest, ACardThatIsNotThereIsNamedByTheDriver) {
  ColorizeHarness harness({{"device", "cuda:7"}, {"device-passes", "true"}});
  EXPECT_THAT(harness.warning(), HasSubstr("cuDeviceGet: CUDA_ERROR_OF_THE_FAKE"));
}

}  // namespace
