#include "plugin/element/cuda_memory/cuda_memory.h"

#include <gst/cuda/gstcudabufferpool.h>
#include <gst/cuda/gstcudautils.h>

#include "plugin/element/cuda_memory/peer_copy.h"
#include "plugin/element/cuda_memory/primary_context.h"
#include "plugin/element/element_error.h"
#include "plugin/element/frame_map.h"

namespace cgan {
namespace {

bool is_same(GstCudaContext* a, GstCudaContext* b) {
  return gst_cuda_context_get_handle(a) == gst_cuda_context_get_handle(b);
}

// The memory of a frame that lies in `context`, or NULL.
GstCudaMemory* memory_in(GstCudaContext* context, GstBuffer* frame) {
  if (gst_buffer_n_memory(frame) != 1) return nullptr;
  GstMemory* const memory = gst_buffer_peek_memory(frame, 0);
  if (!gst_is_cuda_memory(memory)) return nullptr;
  return is_same(GST_CUDA_MEMORY_CAST(memory)->context, context) ? GST_CUDA_MEMORY_CAST(memory)
                                                                 : nullptr;
}

// Until what others have asked of the card for this frame is done. Before 1.24 they wait for it.
void finish_writing([[maybe_unused]] GstCudaMemory* memory) {
#if GST_CHECK_VERSION(1, 24, 0)
  // What the host has written is brought there by the mapping, which does not wait for it either.
  GstMapInfo map;
  const auto flags = static_cast<GstMapFlags>(GST_MAP_READ | GST_MAP_CUDA);
  const bool is_mapped = gst_memory_map(GST_MEMORY_CAST(memory), &map, flags);
  if (!is_mapped) return;  // nor will it be to colour it, where that is said
  gst_memory_unmap(GST_MEMORY_CAST(memory), &map);
  gst_cuda_memory_sync(memory);
#endif
}

// False where the card has no memory for one frame of these caps; `size`: of one, with its pitch.
bool configure(GstBufferPool* pool, GstCaps* caps, guint& size, guint least, guint most) {
  GstStructure* config = gst_buffer_pool_get_config(pool);
  gst_buffer_pool_config_set_params(config, caps, size, least, most);
  gst_buffer_pool_config_add_option(config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  if (!gst_buffer_pool_set_config(pool, config)) return false;
  config = gst_buffer_pool_get_config(pool);
  gst_buffer_pool_config_get_params(config, nullptr, &size, nullptr, nullptr);
  gst_structure_free(config);
  return true;
}

guint size_of(GstCaps* caps) {
  GstVideoInfo info;
  return gst_video_info_from_caps(&info, caps) ? static_cast<guint>(GST_VIDEO_INFO_SIZE(&info)) : 0;
}

// Copies the picture through the host's memory: both know the way there, whatever their contexts.
// False: what `problem` says.
bool copy_picture(GstBuffer* from, GstBuffer* to, const GstVideoInfo& info, std::string& problem) {
  const FrameMap checked(from, info, GST_MAP_READ);
  problem = checked.problem();
  if (!checked.is_usable()) return false;
  GstVideoFrame source, target;
  if (!gst_video_frame_map(&source, &info, from, GST_MAP_READ)) return false;
  const bool is_mapped = gst_video_frame_map(&target, &info, to, GST_MAP_WRITE) != FALSE;
  const bool is_copied = is_mapped && gst_video_frame_copy(&target, &source) != FALSE;
  if (is_mapped) gst_video_frame_unmap(&target);
  gst_video_frame_unmap(&source);
  if (!is_copied) problem = "the copy of a frame from another context";
  return is_copied;
}

}  // namespace

CudaMemory::CudaMemory(GstElement* owner) : owner_(owner) {}

CudaMemory::~CudaMemory() {
  close();
  gst_clear_object(&offered_);
}

bool CudaMemory::takes_frames(bool expected) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return stage_ == Stage::kUnknown ? expected : stage_ == Stage::kOpen;
}

void CudaMemory::hear(GstContext* context) {
  GstCudaContext* heard = nullptr;
  if (!gst_cuda_handle_set_context(owner_, context, -1, &heard)) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  gst_clear_object(&offered_);
  offered_ = heard;
}

// Under the lock.
bool CudaMemory::ensure_context(int card, std::string& problem) {
  if (context_ != nullptr) return true;
  context_ = primary_context(card, problem);
  if (context_ == nullptr) return false;
  // Elements compare objects: theirs, where it means the same context.
  if (offered_ != nullptr && is_same(offered_, context_)) {
    gst_object_replace(reinterpret_cast<GstObject**>(&context_), GST_OBJECT(offered_));
  }
  return true;
}

bool CudaMemory::answer(GstQuery* query, int card) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const gchar* type = nullptr;
  gst_query_parse_context_type(query, &type);
  if (g_strcmp0(type, GST_CUDA_CONTEXT_TYPE) != 0 || stage_ == Stage::kRefused) return false;
  std::string problem;
  if (context_ == nullptr && (card < 0 || !ensure_context(card, problem))) return false;
  return gst_cuda_handle_context_query(owner_, query, context_) != FALSE;
}

bool CudaMemory::open(int card, std::string& problem) {
  GstContext* told = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool is_open = ensure_context(card, problem);
    stage_ = is_open ? Stage::kOpen : Stage::kRefused;
    if (!is_open) return false;
    told = gst_context_new_cuda_context(context_);
  }
  gst_element_post_message(owner_, gst_message_new_have_context(GST_OBJECT(owner_), told));
  return true;
}

void CudaMemory::refuse() {
  close();
  const std::lock_guard<std::mutex> lock(mutex_);
  stage_ = Stage::kRefused;
}

void CudaMemory::close() {
  begin_stream(false);
  has_warned_ = has_no_peers_ = false;
  const std::lock_guard<std::mutex> lock(mutex_);
  stage_ = Stage::kUnknown;
  gst_clear_object(&context_);
}

void CudaMemory::begin_stream(bool is_on_card) {
  is_used_ = is_on_card;
  if (copies_ != nullptr) gst_buffer_pool_set_active(copies_, FALSE);
  gst_clear_object(&copies_);
}

GstMapFlags CudaMemory::to_map(GstMapFlags flags) const {
  return is_used_ ? static_cast<GstMapFlags>(flags | GST_MAP_CUDA) : flags;
}

void CudaMemory::warn_of_copies(bool is_through_host) {
  if (has_warned_) return;
  has_warned_ = true;
  const std::string message =
      std::string(
          "Frames come in another CUDA context than the network's, so that each is copied ") +
      (is_through_host ? "through the host's memory" : "from one to the other") +
      ": put the elements before cgancolorize into the same pipeline before it leaves NULL, and "
      "give "
      "it no CUDA context of the application.";
  post_warning(owner_, {GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS}, message.c_str());
}

// False: what `problem` says.
bool CudaMemory::copy(GstBuffer* frame, GstBuffer* to, GstCaps* caps, std::string& problem) {
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, caps)) return false;
  const bool is_across = !has_no_peers_ && copy_peer(frame, to, context_, info);
  has_no_peers_ = !is_across;
  const bool is_copied = is_across || copy_picture(frame, to, info, problem);
  warn_of_copies(!is_across);
  return is_copied;
}

GstBuffer* CudaMemory::take_in(GstBuffer* frame, GstCaps* caps, std::string& problem) {
  if (GstCudaMemory* const memory = memory_in(context_, frame)) {
    finish_writing(memory);
    return frame;
  }
  if (copies_ == nullptr) {
    copies_ = gst_cuda_buffer_pool_new(context_);
    guint size = size_of(caps);
    if (!configure(copies_, caps, size, 0, 0) || !gst_buffer_pool_set_active(copies_, TRUE)) {
      gst_clear_object(&copies_);
      problem = "no pool of frames";
      return nullptr;
    }
  }
  GstBuffer* copy = nullptr;
  if (gst_buffer_pool_acquire_buffer(copies_, &copy, nullptr) != GST_FLOW_OK) {
    problem = "no frame from the pool";
    return nullptr;
  }
  if (!this->copy(frame, copy, caps, problem)) gst_clear_buffer(&copy);
  return copy;
}

void CudaMemory::propose(GstQuery* query) const {
  GstCaps* caps = nullptr;
  gboolean needs_pool = FALSE;
  gst_query_parse_allocation(query, &caps, &needs_pool);
  if (!gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr)) {
    gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr);
  }
  if (!needs_pool) return;
  GstBufferPool* const pool = gst_cuda_buffer_pool_new(context_);
  guint size = size_of(caps);
  // Without it upstream has its own, and meets the same error.
  if (configure(pool, caps, size, 0, 0)) gst_query_add_allocation_pool(query, pool, size, 0, 0);
  gst_object_unref(pool);
}

bool CudaMemory::decide(GstQuery* query, std::string& problem) const {
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  GstBufferPool* pool = nullptr;
  guint size = size_of(caps), least = 0, most = 0;
  const bool is_offered = gst_query_get_n_allocation_pools(query) > 0;
  if (is_offered) gst_query_parse_nth_allocation_pool(query, 0, &pool, &size, &least, &most);
  const bool is_own = pool != nullptr && GST_IS_CUDA_BUFFER_POOL(pool) &&
                      is_same(GST_CUDA_BUFFER_POOL(pool)->context, context_);
  bool is_configured = is_own && configure(pool, caps, size, least, most);
  if (!is_configured) {
    gst_clear_object(&pool);
    pool = gst_cuda_buffer_pool_new(context_);
    most = 0;
    is_configured = configure(pool, caps, size, least, most);
  }
  if (!is_configured) {
    problem = "no pool of frames";
  } else if (is_offered) {
    gst_query_set_nth_allocation_pool(query, 0, pool, size, least, most);
  } else {
    gst_query_add_allocation_pool(query, pool, size, least, most);
  }
  gst_object_unref(pool);
  return is_configured;
}

}  // namespace cgan
