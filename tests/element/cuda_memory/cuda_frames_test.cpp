// Frames that are coloured on the card: whose memory they have, and what happens when it fails.

#include <gmock/gmock.h>

#include <cstring>

#include "plugin/element/cuda_memory/peer_copy.h"
#include "tests/element/cuda_memory/cuda_frames.h"

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using CudaFramesTest = CudaTest;

constexpr Properties kOnCard = {{"device", "cuda"}, {"device-passes", "true"}};
const std::string kCard = "video/x-raw(memory:CUDAMemory)";
const std::string kCaps = cuda_caps_text("NV12", 64, 48);

GstMemory* memory_of(GstBuffer* frame) {
  return gst_buffer_peek_memory(frame, 0);
}

// What a test has painted goes to the card now, and the host forgets it.
void leave_on_card(GstBuffer* frame) {
  GstMapInfo map;
  const auto flags = static_cast<GstMapFlags>(GST_MAP_READWRITE | GST_MAP_CUDA);
  ASSERT_TRUE(gst_memory_map(memory_of(frame), &map, flags));
  gst_memory_unmap(memory_of(frame), &map);
}

// The card's memory is the host's here.
void clear_on_card(GstBuffer* frame) {
  GstMapInfo map;
  const auto flags = static_cast<GstMapFlags>(GST_MAP_READWRITE | GST_MAP_CUDA);
  ASSERT_TRUE(gst_memory_map(memory_of(frame), &map, flags));
  std::memset(map.data, 0, map.size);
  gst_memory_unmap(memory_of(frame), &map);
}

GstVideoInfo info_of(const std::string& caps_string) {
  GstCaps* caps = gst_caps_from_string(caps_string.c_str());
  GstVideoInfo info;
  EXPECT_TRUE(gst_video_info_from_caps(&info, caps));
  gst_caps_unref(caps);
  return info;
}

GstBuffer* make_frame_for(ColorizeHarness& harness) {
  return make_cuda_frame(asked_context(harness.element()).get(), kCaps);
}

TEST_F(CudaFramesTest, InPlaceTheMemoryStaysTheSame) {
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard);
  GstBuffer* frame = make_frame_for(harness);
  const GstMemory* memory = memory_of(frame);
  frame = harness.through(frame);
  const size_t crossed = fake_cuda().crossed;
  const int allocations = fake_cuda().times("cuMemAllocPitch");
  for (int i = 0; i < 3; ++i) {
    frame = harness.through(frame);
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(memory_of(frame), memory);
    EXPECT_TRUE(fake_record().is_in_place);
    EXPECT_TRUE(fake_cuda().is_primary(0, fake_record().in));
  }
  EXPECT_EQ(fake_cuda().crossed, crossed);
  EXPECT_EQ(fake_cuda().times("cuMemAllocPitch"), allocations);
  EXPECT_THAT(codes_of(frame, kCaps, 1), testing::Each(160));
  gst_buffer_unref(frame);
}

TEST_F(CudaFramesTest, AnotherFormatComesFromAPoolOfThatContext) {
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard + ", format=Y444");
  GstBuffer* in = make_frame_for(harness);
  GstBuffer* out = harness.through(gst_buffer_ref(in));
  ASSERT_NE(out, nullptr);
  EXPECT_FALSE(fake_record().is_in_place);
  EXPECT_TRUE(fake_cuda().is_primary(0, fake_record().in));
  EXPECT_TRUE(fake_cuda().is_primary(0, fake_record().out));
  EXPECT_TRUE(GST_IS_CUDA_BUFFER_POOL(out->pool));
  gst_buffer_unref(out);
  // From then on without a copy to the host or more of the card's memory.
  const size_t crossed = fake_cuda().crossed;
  const int allocations = fake_cuda().times("cuMemAllocPitch");
  gst_buffer_unref(harness.through(in));
  EXPECT_EQ(fake_cuda().crossed, crossed);
  EXPECT_EQ(fake_cuda().times("cuMemAllocPitch"), allocations);
}

TEST_F(CudaFramesTest, AFrameThatOthersHoldIsCopiedOnTheCard) {
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard);
  GstBuffer* frame = make_frame_for(harness);
  const std::vector<uint8_t> chroma = plane_of(frame, kCaps, 1);
  GstBuffer* out = harness.through(gst_buffer_ref(frame));
  ASSERT_NE(out, nullptr);
  EXPECT_NE(memory_of(out), memory_of(frame));
  EXPECT_EQ(plane_of(frame, kCaps, 1), chroma);
  EXPECT_EQ(plane_of(out, kCaps, 0), plane_of(frame, kCaps, 0));
  EXPECT_NE(plane_of(out, kCaps, 1), chroma);
  gst_buffer_unref(out);
  gst_buffer_unref(frame);
}

TEST_F(CudaFramesTest, HeldFramesStayOnTheCard) {
  ColorizeHarness harness({{"device", "cuda"}, {"device-passes", "true"}, {"lookahead", "2"}});
  harness.set_caps(kCaps, kCard);
  const CudaContext context = asked_context(harness.element());
  for (int i = 0; i < 4; ++i) {
    GstBuffer* frame = make_cuda_frame(context.get(), kCaps);
    GST_BUFFER_PTS(frame) = i * GST_SECOND;
    EXPECT_EQ(gst_harness_push(harness.get(), frame), GST_FLOW_OK);
  }
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  for (int i = 0; i < 4; ++i) {
    GstBuffer* out = gst_harness_try_pull(harness.get());
    ASSERT_NE(out, nullptr);
    EXPECT_EQ(GST_BUFFER_PTS(out), i * GST_SECOND);
    EXPECT_TRUE(gst_is_cuda_memory(memory_of(out)));
    gst_buffer_unref(out);
  }
}

struct Neighbour {
  const char* name;
  std::string format;  // that it takes
};

// In place and from a pool.
class CudaStreamTest : public CudaTest, public testing::WithParamInterface<Neighbour> {};

TEST_P(CudaStreamTest, TheElementItselfNeverWaitsForTheCard) {
  ColorizeHarness harness(
      {{"device", "cuda"}, {"device-passes", "true"}, {"max-frame-delay", "1"}});
  harness.set_caps(kCaps, kCard + ", format=" + GetParam().format);
  const CudaContext context = asked_context(harness.element());
  std::vector<GstBuffer*> frames;
  for (int i = 0; i < 6; ++i) {
    frames.push_back(make_cuda_frame(context.get(), kCaps));
    leave_on_card(frames.back());
    GST_BUFFER_PTS(frames.back()) = i * GST_SECOND;
  }
  fake_record().most_waiting = 0;
  int waits = 0, allocations = 0;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(gst_harness_push(harness.get(), frames[i]), GST_FLOW_OK);
    GstBuffer* const out = gst_harness_try_pull(harness.get());
    EXPECT_EQ(out != nullptr, i > 0) << "two frames in flight";
    if (out != nullptr) gst_buffer_unref(out);
    if (i < 2) {
      waits = fake_cuda().waits;
      allocations = fake_cuda().times("cuMemAllocPitch");
    }
    EXPECT_EQ(fake_cuda().waits, waits) << i;
    EXPECT_EQ(fake_cuda().times("cuMemAllocPitch"), allocations) << i;
  }
  EXPECT_EQ(fake_record().most_waiting, 2u);
}

INSTANTIATE_TEST_SUITE_P(Neighbours, CudaStreamTest,
                         testing::Values(Neighbour{"InPlace", "NV12"},
                                         Neighbour{"FromAPool", "Y444"}),
                         [](const testing::TestParamInfo<Neighbour>& info) {
                           return info.param.name;
                         });

// Notes whether the colorizer may still read a frame when its memory is given back.
struct Watched {
  const void* luma;
  int returns = 0, early = 0;
};
void note_return(gpointer watched, GstMiniObject*) {
  Watched& frame = *static_cast<Watched*>(watched);
  ++frame.returns;
  frame.early += static_cast<int>(fake_record().read.count(frame.luma));
}

class CudaHeldFramesTest : public CudaTest {
 protected:
  // Two frames are held then.
  void hold(ColorizeHarness& harness, const std::string& format = "NV12") {
    harness.set_caps(kCaps, kCard + ", format=" + format);
    const CudaContext context = asked_context(harness.element());
    for (int i = 0; i < 2; ++i) {
      GstBuffer* const frame = make_cuda_frame(context.get(), kCaps);
      GST_BUFFER_PTS(frame) = i * GST_SECOND;
      GstMapInfo map;
      ASSERT_TRUE(gst_memory_map(memory_of(frame), &map,
                                 static_cast<GstMapFlags>(GST_MAP_READ | GST_MAP_CUDA)));
      watched_[i].luma = map.data;
      gst_memory_unmap(memory_of(frame), &map);
      gst_mini_object_weak_ref(GST_MINI_OBJECT(frame), note_return, &watched_[i]);
      ASSERT_EQ(gst_harness_push(harness.get(), frame), GST_FLOW_OK);
      ASSERT_EQ(fake_record().read.count(watched_[i].luma), 1u);
    }
  }
  void expect_returned() {
    for (const Watched& frame : watched_) {
      EXPECT_EQ(frame.returns, 1);
      EXPECT_EQ(frame.early, 0) << "the card could still read it";
    }
  }

  static constexpr Properties kHolding = {
      {"device", "cuda"}, {"device-passes", "true"}, {"lookahead", "3"}};
  Watched watched_[2];
};

TEST_F(CudaHeldFramesTest, AreReadBeforeAFlushGivesThemBack) {
  ColorizeHarness harness(kHolding);
  ASSERT_NO_FATAL_FAILURE(hold(harness));
  gst_harness_push_event(harness.get(), gst_event_new_flush_start());
  gst_harness_push_event(harness.get(), gst_event_new_flush_stop(TRUE));
  expect_returned();
}

TEST_F(CudaHeldFramesTest, AreReadBeforeAStopGivesThemBack) {
  ColorizeHarness harness(kHolding);
  ASSERT_NO_FATAL_FAILURE(hold(harness));
  gst_element_set_state(harness.element(), GST_STATE_READY);
  expect_returned();
}

TEST_F(CudaHeldFramesTest, AreReadBeforeAFailureGivesThemBack) {
  ColorizeHarness harness(kHolding);
  ASSERT_NO_FATAL_FAILURE(hold(harness, "Y444"));
  fake_cuda().failing = "cuMemAllocPitch";
  gst_harness_push_event(harness.get(), gst_event_new_eos());
  fake_cuda().failing.clear();
  expect_returned();
}

TEST_F(CudaFramesTest, FieldsAreRowsOfTheCardsMemory) {
  const std::string caps =
      cuda_caps_text("NV12", 64, 48, "interlace-mode=interleaved, field-order=top-field-first");
  ColorizeHarness harness(kOnCard);
  harness.set_caps(caps, kCard);
  fake_record().scans.clear();
  GstBuffer* out = harness.through(make_cuda_frame(asked_context(harness.element()).get(), caps));
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(fake_record().scans, "TB");
  EXPECT_TRUE(fake_cuda().is_primary(0, fake_record().in));
  EXPECT_THAT(codes_of(out, caps, 1), testing::Each(160));
  gst_buffer_unref(out);
}

// With peers and without.
class CudaForeignTest : public CudaTest, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    CudaTest::SetUp();
    fake_cuda().has_peers = GetParam();
  }
};

TEST_P(CudaForeignTest, FramesAreCopiedAndOneWarningSaysSo) {
  const CudaContext foreign(gst_cuda_context_new(0));
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard);
  for (int i = 0; i < 2; ++i) {
    GstBuffer* frame = make_cuda_frame(foreign.get(), kCaps);
    GST_BUFFER_PTS(frame) = i * GST_SECOND;
    GST_BUFFER_FLAG_SET(frame, GST_VIDEO_BUFFER_FLAG_TFF);
    gst_buffer_add_video_region_of_interest_meta(frame, "face", 1, 2, 3, 4);
    const std::vector<uint8_t> luma = plane_of(frame, kCaps, 0);
    GstBuffer* out = harness.through(frame);
    ASSERT_NE(out, nullptr);
    EXPECT_EQ(plane_of(out, kCaps, 0), luma);
    EXPECT_THAT(codes_of(out, kCaps, 1), testing::Each(160));
    EXPECT_TRUE(fake_cuda().is_primary(0, fake_record().out));
    EXPECT_EQ(GST_BUFFER_PTS(out), i * GST_SECOND);
    EXPECT_TRUE(GST_BUFFER_FLAG_IS_SET(out, GST_VIDEO_BUFFER_FLAG_TFF));
    EXPECT_EQ(gst_buffer_get_n_meta(out, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE), 1u);
    EXPECT_EQ(gst_buffer_get_n_meta(out, GST_VIDEO_META_API_TYPE), 1u);
    gst_buffer_unref(out);
  }
  const std::string warning = harness.warning();
  EXPECT_THAT(warning, HasSubstr("another CUDA context"));
  EXPECT_THAT(warning, HasSubstr(GetParam() ? "from one to the other" : "the host's memory"));
  EXPECT_EQ(harness.warning(), "");
  EXPECT_THAT(harness.errors(), IsEmpty());
}

TEST_P(CudaForeignTest, FramesOfAnotherCardAreCopied) {
  const CudaContext foreign(gst_cuda_context_new(1));
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard);
  GstBuffer* frame = make_cuda_frame(foreign.get(), kCaps);
  const std::vector<uint8_t> luma = plane_of(frame, kCaps, 0);
  GstBuffer* out = harness.through(frame);
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(plane_of(out, kCaps, 0), luma);
  EXPECT_TRUE(fake_cuda().is_primary(0, fake_record().in));
  gst_buffer_unref(out);
}

INSTANTIATE_TEST_SUITE_P(Drivers, CudaForeignTest, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& info) {
                           return info.param ? "CopyAcross" : "CopyThroughTheHost";
                         });

// Through the host GStreamer 1.22 loses a plane of three whose frames have an odd height.
TEST_F(CudaFramesTest, OfAnotherContextDoNotComeToTheHostAndKeepAllPlanes) {
  const CudaContext foreign(gst_cuda_context_new(0)), own(gst_cuda_context_new(1));
  for (const char* format : {"NV12", "YV12", "I420", "Y444", "P010_10LE"}) {
    for (const char* more : {"", "interlace-mode=interleaved"}) {
      SCOPED_TRACE(std::string(format) + " " + more);
      const std::string caps = cuda_caps_text(format, 62, 47, more);
      GstBuffer* frame = make_cuda_frame(foreign.get(), caps);
      GstBuffer* copy = make_cuda_frame(own.get(), caps);
      leave_on_card(frame);
      clear_on_card(copy);
      const size_t crossed = fake_cuda().crossed;
      EXPECT_TRUE(cgan::copy_peer(frame, copy, own.get(), info_of(caps)));
      EXPECT_EQ(fake_cuda().crossed, crossed);
      for (guint component = 0; component < 3; ++component)
        EXPECT_EQ(card_codes(copy, caps, component), card_codes(frame, caps, component));
      gst_buffer_unref(frame);
      gst_buffer_unref(copy);
    }
  }
}

TEST_F(CudaFramesTest, OfAnotherContextGoThroughTheHostOnceTheDriverRefuses) {
  const CudaContext foreign(gst_cuda_context_new(0));
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard);
  for (int i = 0; i < 2; ++i) {
    fake_cuda().failing = "cuMemcpy3DPeer";
    fake_cuda().calls_before_failure = 1;  // the second plane
    GstBuffer* frame = make_cuda_frame(foreign.get(), kCaps);
    const std::vector<uint8_t> luma = plane_of(frame, kCaps, 0);
    GstBuffer* out = harness.through(frame);
    ASSERT_NE(out, nullptr);
    EXPECT_EQ(plane_of(out, kCaps, 0), luma);
    gst_buffer_unref(out);
  }
  EXPECT_EQ(fake_cuda().times("cuMemcpy3DPeer"), 2);
  EXPECT_THAT(harness.warning(), HasSubstr("the host's memory"));
  EXPECT_EQ(harness.warning(), "");
}

// What some elements send in spite of their caps.
TEST_F(CudaFramesTest, OfTheHostsMemoryAreCopiedToTheCard) {
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard);
  GstBuffer* out = harness.through(make_frame(kCaps));
  ASSERT_NE(out, nullptr);
  EXPECT_TRUE(fake_cuda().is_primary(0, fake_record().in));
  gst_buffer_unref(out);
  EXPECT_THAT(harness.warning(), Not(IsEmpty()));
}

TEST_F(CudaFramesTest, ThatContradictTheirCapsAreRefused) {
  ColorizeHarness harness(kOnCard);
  harness.set_caps(cuda_caps_text("NV12", 640, 480), kCard);
  for (GstBuffer* frame : {make_frame_for(harness), make_frame(kCaps),
                           gst_buffer_new_allocate(nullptr, 10, nullptr)}) {
    EXPECT_EQ(gst_harness_push(harness.get(), frame), GST_FLOW_ERROR);
    EXPECT_EQ(harness.errors().size(), 1u);
  }
}

// ---- Pools.

GstQuery* ask_allocation(ColorizeHarness& harness, bool needs_pool = true) {
  GstCaps* caps = gst_caps_from_string(kCaps.c_str());
  GstQuery* query = gst_query_new_allocation(caps, needs_pool);
  EXPECT_TRUE(gst_pad_peer_query(harness.get()->srcpad, query));
  gst_caps_unref(caps);
  return query;
}

struct Offer {
  ~Offer() { gst_clear_object(&pool); }
  GstBufferPool* pool = nullptr;
  guint size = 0, least = 0, most = 0;
};

TEST_F(CudaFramesTest, UpstreamIsOfferedAPoolOfThatContextAndOfTheCardsSize) {
  for (const std::string& format : {std::string("NV12"), std::string("Y444")}) {
    ColorizeHarness harness({{"device", "cuda"}, {"device-passes", "true"}, {"lookahead", "3"}});
    harness.set_caps(kCaps, kCard + ", format=" + format);
    GstQuery* query = ask_allocation(harness);
    EXPECT_TRUE(gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr));
    ASSERT_GE(gst_query_get_n_allocation_pools(query), 1u);
    Offer offer;
    gst_query_parse_nth_allocation_pool(query, 0, &offer.pool, &offer.size, &offer.least,
                                        &offer.most);
    ASSERT_TRUE(GST_IS_CUDA_BUFFER_POOL(offer.pool));
    EXPECT_TRUE(is_primary(GST_CUDA_BUFFER_POOL(offer.pool)->context, 0));
    GstBuffer* frame = make_frame_for(harness);
    EXPECT_EQ(offer.size, gst_buffer_get_size(frame)) << "with the pitch of its rows";
    gst_buffer_unref(frame);
    EXPECT_EQ(offer.least, 3u);
    EXPECT_EQ(offer.most, 0u);
    gst_query_unref(query);
  }
}

TEST_F(CudaFramesTest, WhoWantsNoPoolIsOfferedNone) {
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard + ", format=Y444");
  const int allocations = fake_cuda().times("cuMemAllocPitch");
  GstQuery* query = ask_allocation(harness, false);
  EXPECT_TRUE(gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr));
  EXPECT_EQ(fake_cuda().times("cuMemAllocPitch"), allocations);
  gst_query_unref(query);
}

// Downstream answers with this pool, for at least 2 and at most 4 frames.
GstPadProbeReturn answer_allocation(GstPad*, GstPadProbeInfo* info, gpointer pool) {
  GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
  if (GST_QUERY_TYPE(query) != GST_QUERY_ALLOCATION) return GST_PAD_PROBE_OK;
  gst_query_add_allocation_pool(query, GST_BUFFER_POOL(pool), 64 * 48 * 3, 2, 4);
  return GST_PAD_PROBE_HANDLED;
}

// The pool of what comes out where downstream offers that one.
Offer used_pool(ColorizeHarness& harness, GstBufferPool* offered) {
  gst_pad_add_probe(harness.get()->sinkpad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, answer_allocation,
                    offered, nullptr);
  harness.set_caps(kCaps, kCard + ", format=Y444");
  GstBuffer* out = harness.through(make_frame_for(harness));
  Offer used;
  if (out == nullptr || out->pool == nullptr) return used;
  used.pool = GST_BUFFER_POOL(gst_object_ref(out->pool));
  GstStructure* config = gst_buffer_pool_get_config(used.pool);
  gst_buffer_pool_config_get_params(config, nullptr, &used.size, &used.least, &used.most);
  gst_structure_free(config);
  gst_buffer_unref(out);
  return used;
}

TEST_F(CudaFramesTest, DownstreamsPoolIsUsedWhereItIsOfThatContext) {
  ColorizeHarness harness(kOnCard);
  GstBufferPool* pool = gst_cuda_buffer_pool_new(asked_context(harness.element()).get());
  const Offer used = used_pool(harness, pool);
  EXPECT_EQ(used.pool, pool);
  gst_object_unref(pool);
  EXPECT_EQ(used.least, 2u);
  EXPECT_EQ(used.most, 4u);
}

TEST_F(CudaFramesTest, DownstreamsPoolOfAnotherContextIsNotUsed) {
  const CudaContext foreign(gst_cuda_context_new(0));
  ColorizeHarness harness(kOnCard);
  GstBufferPool* pool = gst_cuda_buffer_pool_new(foreign.get());
  const Offer used = used_pool(harness, pool);
  gst_object_unref(pool);
  ASSERT_TRUE(GST_IS_CUDA_BUFFER_POOL(used.pool));
  EXPECT_TRUE(is_primary(GST_CUDA_BUFFER_POOL(used.pool)->context, 0));
  EXPECT_EQ(used.least, 2u);
  EXPECT_EQ(used.most, 0u);
}

TEST_F(CudaFramesTest, APoolThatIsInUseElsewhereIsNotUsed) {
  ColorizeHarness harness(kOnCard);
  const CudaContext context = asked_context(harness.element());
  GstBufferPool* busy = gst_cuda_buffer_pool_new(context.get());
  GstCaps* caps = gst_caps_from_string(kCaps.c_str());
  GstStructure* config = gst_buffer_pool_get_config(busy);
  gst_buffer_pool_config_set_params(config, caps, 1, 0, 0);
  gst_caps_unref(caps);
  ASSERT_TRUE(gst_buffer_pool_set_config(busy, config));
  ASSERT_TRUE(gst_buffer_pool_set_active(busy, TRUE));
  const Offer used = used_pool(harness, busy);
  ASSERT_TRUE(GST_IS_CUDA_BUFFER_POOL(used.pool));
  EXPECT_NE(used.pool, busy);
  gst_buffer_pool_set_active(busy, FALSE);
  gst_object_unref(busy);
}

TEST_F(CudaFramesTest, AStopGivesTheCardsMemoryBack) {
  const CudaContext foreign(gst_cuda_context_new(0));
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard + ", format=Y444");
  gst_buffer_unref(harness.through(make_cuda_frame(foreign.get(), kCaps)));
  EXPECT_GT(fake_cuda().arrays(), 0u);
  gst_element_set_state(harness.element(), GST_STATE_READY);
  EXPECT_EQ(fake_cuda().arrays(), 0u);
}

TEST_F(CudaFramesTest, BothMemoriesTakeTurnsInOneStream) {
  ColorizeHarness harness(kOnCard);
  for (int i = 0; i < 2; ++i) {
    harness.set_caps(kCaps, kCard);
    gst_buffer_unref(harness.through(make_frame_for(harness)));
    EXPECT_EQ(fake_record().stream.memory, CGAN_MEMORY_CUDA);
    const std::string host = caps_text("NV12", 64, 48);
    harness.set_caps(host, "video/x-raw");
    gst_buffer_unref(harness.through(make_frame(host)));
    EXPECT_EQ(fake_record().stream.memory, CGAN_MEMORY_HOST);
  }
  EXPECT_THAT(harness.errors(), IsEmpty());
}

// ---- Failures.

enum class Frame { kOwn, kShared, kForeign };

struct Failure {
  const char* call;
  int calls_before;
  const char* out;  // format; as the input's: in place
  Frame frame;
};

void PrintTo(const Failure& failure, std::ostream* out) {
  *out << failure.call << " after " << failure.calls_before << ", NV12 to " << failure.out
       << ", frame " << static_cast<int>(failure.frame);
}

class CudaFailureTest : public CudaTest, public testing::WithParamInterface<Failure> {
 protected:
  void expect_one_error(ColorizeHarness& harness) {
    fake_cuda().failing.clear();
    const std::vector<ErrorMessage> errors = harness.errors();
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_THAT(errors[0].text, HasSubstr("device=cpu"));
  }
};

TEST_P(CudaFailureTest, AtAFrameEndsTheStreamWithOneErrorThatNamesTheRemedy) {
  const Failure& failure = GetParam();
  const CudaContext foreign(gst_cuda_context_new(0));
  ColorizeHarness harness(kOnCard);
  harness.set_caps(kCaps, kCard + ", format=" + failure.out);
  const CudaContext own = asked_context(harness.element());
  const bool is_foreign = failure.frame == Frame::kForeign;
  GstBuffer* frame = make_cuda_frame((is_foreign ? foreign : own).get(), kCaps);
  leave_on_card(frame);
  GstBuffer* const held = failure.frame == Frame::kShared ? gst_buffer_ref(frame) : nullptr;
  fake_cuda().failing = failure.call;
  fake_cuda().calls_before_failure = failure.calls_before;
  fake_cuda().has_peers = false;
  EXPECT_EQ(gst_harness_push(harness.get(), frame), GST_FLOW_ERROR);
  expect_one_error(harness);
  if (held != nullptr) gst_buffer_unref(held);
}

INSTANTIATE_TEST_SUITE_P(Calls, CudaFailureTest,
                         testing::Values(Failure{"cuMemAllocPitch", 0, "Y444", Frame::kOwn},
                                         Failure{"cuCtxPushCurrent", 0, "Y444", Frame::kOwn},
                                         Failure{"cuMemAllocPitch", 0, "NV12", Frame::kShared},
                                         Failure{"cuMemcpy2D", 0, "NV12", Frame::kShared},
                                         Failure{"cuMemAllocPitch", 0, "NV12", Frame::kForeign},
                                         Failure{"cuMemAllocPitch", 1, "NV12", Frame::kForeign},
                                         Failure{"cuMemcpy2D", 0, "NV12", Frame::kForeign},
                                         Failure{"cuMemcpy2D", 1, "NV12", Frame::kForeign},
                                         Failure{"cuMemcpy2D", 2, "NV12", Frame::kForeign},
                                         Failure{"cuMemAllocHost", 0, "NV12", Frame::kForeign}));

class CudaPoolFailureTest : public CudaFailureTest {};

TEST_P(CudaPoolFailureTest, AtTheCapsEndsTheStreamWithOneErrorThatNamesTheRemedy) {
  ColorizeHarness harness(kOnCard);
  GstBuffer* frame = make_frame_for(harness);
  fake_cuda().failing = GetParam().call;
  fake_cuda().calls_before_failure = GetParam().calls_before;
  harness.set_caps(kCaps, kCard + ", format=Y444");
  EXPECT_LT(gst_harness_push(harness.get(), frame), GST_FLOW_OK);
  expect_one_error(harness);
}

INSTANTIATE_TEST_SUITE_P(Calls, CudaPoolFailureTest,
                         testing::Values(Failure{"cuMemAllocPitch", 0, "Y444", Frame::kOwn},
                                         Failure{"cuMemAllocPitch", 1, "Y444", Frame::kOwn},
                                         Failure{"cuCtxPushCurrent", 0, "Y444", Frame::kOwn}));

}  // namespace
