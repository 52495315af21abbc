#include "plugin/element/cuda_memory/primary_context.h"

#include <gst/cuda/gstcudautils.h>

#include <map>
#include <mutex>

#include "plugin/element/cuda_memory/driver.h"

namespace cgan {
namespace {

bool succeeds(CUresult result, const char* call, std::string& problem) {
  if (result == CUDA_SUCCESS) return true;
  const char *name = nullptr, *text = nullptr;
  CuGetErrorName(result, &name);
  CuGetErrorString(result, &text);
  problem = std::string(call) + ": " + (name != nullptr ? name : "unknown error") + ", " +
            (text != nullptr ? text : "");
  return false;
}

void release(gpointer device, GObject*) {
  open_driver()->release(GPOINTER_TO_INT(device));
}

GstCudaContext* wrap(const Driver& driver, int card, std::string& problem) {
  CUdevice device = 0;
  CUcontext context = nullptr;
  // Without cuInit, gst_cuda_context_new_wrapped of GStreamer 1.22 hangs at its second failure.
  if (!succeeds(CuInit(0), "cuInit", problem) ||
      !succeeds(CuDeviceGet(&device, card), "cuDeviceGet", problem) ||
      !succeeds(driver.retain(&context, device), "cuDevicePrimaryCtxRetain", problem)) {
    return nullptr;
  }
  GstCudaContext* const wrapped = gst_cuda_context_new_wrapped(context, device);
  gst_cuda_memory_init_once();  // before the first pool
  if (wrapped == nullptr) {
    problem = "gst_cuda_context_new_wrapped";
    driver.release(device);
    return nullptr;
  }
  g_object_weak_ref(G_OBJECT(wrapped), release, GINT_TO_POINTER(device));
  return wrapped;
}

}  // namespace

GstCudaContext* primary_context(int card, std::string& problem) {
  static std::mutex mutex;
  static std::map<int, GWeakRef> contexts;
  const std::lock_guard<std::mutex> lock(mutex);
  const auto [place, is_new] = contexts.try_emplace(card);
  GWeakRef* const known = &place->second;
  if (is_new) g_weak_ref_init(known, nullptr);
  if (gpointer context = g_weak_ref_get(known)) return GST_CUDA_CONTEXT(context);

  const Driver* const driver = open_driver();
  if (driver == nullptr) {
    problem = "libcuda.so.1, the library of NVIDIA's driver, cannot be opened";
    return nullptr;
  }
  GstCudaContext* const context = wrap(*driver, card, problem);
  g_weak_ref_set(known, context);
  return context;
}

}  // namespace cgan
