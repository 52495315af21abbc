#include "plugin/element/cuda_memory/peer_copy.h"

#include <gst/cuda/gstcudamemory.h>
#include <gst/cuda/gstcudautils.h>

#include "plugin/element/cuda_memory/driver.h"
#include "plugin/element/frame_map.h"

namespace cgan {
namespace {

GstMapFlags on_card(GstMapFlags flags) {
  return static_cast<GstMapFlags>(flags | GST_MAP_CUDA);
}

CUDA_MEMCPY3D_PEER copy_of_plane(const CganFrame& from, const CganFrame& to, guint plane,
                                 const GstVideoInfo& info) {
  CUDA_MEMCPY3D_PEER copy = {};
  copy.srcMemoryType = copy.dstMemoryType = CU_MEMORYTYPE_DEVICE;
  copy.srcDevice = reinterpret_cast<CUdeviceptr>(from.data[plane]);
  copy.srcPitch = static_cast<size_t>(from.stride[plane]);
  copy.dstDevice = reinterpret_cast<CUdeviceptr>(to.data[plane]);
  copy.dstPitch = static_cast<size_t>(to.stride[plane]);
  copy.WidthInBytes = plane_row_bytes(info, plane);
  copy.Height = plane_rows(info, plane);
  copy.Depth = 1;
  return copy;
}

}  // namespace

bool copy_peer(GstBuffer* from, GstBuffer* to, GstCudaContext* context, const GstVideoInfo& info) {
  if (gst_buffer_n_memory(from) != 1) return false;
  GstMemory* const memory = gst_buffer_peek_memory(from, 0);
  if (!gst_is_cuda_memory(memory)) return false;
  const FrameMap source(from, info, on_card(GST_MAP_READ));
  const FrameMap target(to, info, on_card(GST_MAP_WRITE));
  if (!source.is_usable() || !target.is_usable()) return false;
#if GST_CHECK_VERSION(1, 24, 0)
  gst_cuda_memory_sync(GST_CUDA_MEMORY_CAST(memory));
#endif
  if (!gst_cuda_context_push(context)) return false;
  const auto handle_of = [](GstCudaContext* of) {
    return static_cast<CUcontext>(gst_cuda_context_get_handle(of));
  };
  bool is_copied = true;
  for (guint plane = 0; is_copied && plane < GST_VIDEO_INFO_N_PLANES(&info); ++plane) {
    CUDA_MEMCPY3D_PEER copy = copy_of_plane(source.planes(), target.planes(), plane, info);
    copy.srcContext = handle_of(GST_CUDA_MEMORY_CAST(memory)->context);
    copy.dstContext = handle_of(context);
    is_copied = open_driver()->copy_peer(&copy) == CUDA_SUCCESS;
  }
  is_copied = CuStreamSynchronize(nullptr) == CUDA_SUCCESS && is_copied;
  gst_cuda_context_pop(nullptr);
  return is_copied;
}

}  // namespace cgan
