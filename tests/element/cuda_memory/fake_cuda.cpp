#include "tests/element/cuda_memory/fake_cuda.h"

#include <cuda.h>
#include <cudaGL.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

struct CUctx_st {
  int device;
  bool is_primary;
};

namespace {

constexpr size_t kPitch = 512;  // bytes, as cards give it
constexpr int kMostDevices = 8;

struct Array {
  size_t size;
  CUcontext context;
};

std::recursive_mutex mutex;
std::map<CUdeviceptr, Array> arrays;
std::set<void*> host_arrays;
CUctx_st primaries[kMostDevices] = {{0, true}, {1, true}, {2, true}, {3, true},
                                    {4, true}, {5, true}, {6, true}, {7, true}};
thread_local std::vector<CUcontext> stack;

void note(const std::string& fault) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  // GStreamer's library frees what it has all the same.
  if (fake_cuda().failing != "cuCtxPushCurrent") fake_cuda().faults.push_back(fault);
}

// Whether the call of `function` succeeds, as far as the test decides that.
bool passes(const char* function) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  FakeCuda& fake = fake_cuda();
  fake.calls.insert(function);
  return fake.failing != function || fake.calls_before_failure-- > 0;
}

CUcontext current(const char* function) {
  if (!stack.empty()) return stack.back();
  note(std::string(function) + " without a context");
  return nullptr;
}

CUresult allocate(const char* function, CUdeviceptr* address, size_t size) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  if (!passes(function)) return CUDA_ERROR_OUT_OF_MEMORY;
  *address = reinterpret_cast<CUdeviceptr>(std::malloc(size));
  arrays[*address] = {size, current(function)};
  return CUDA_SUCCESS;
}

// The bytes of a device's rows, all of them in an array of that context.
uint8_t* device_rows(CUdeviceptr address, size_t pitch, size_t width, size_t height,
                     CUcontext context) {
  const auto next = arrays.upper_bound(address);
  const size_t needed = height == 0 ? 0 : (height - 1) * pitch + width;
  if (next == arrays.begin()) {
    note("a copy of no array");
    return nullptr;
  }
  const auto& [begin, array] = *std::prev(next);
  if (address + needed > begin + array.size) note("a copy beyond an array");
  if (array.context != context) note("a copy of another context's array");
  return reinterpret_cast<uint8_t*>(address);
}

CUresult copy_rows(const CUDA_MEMCPY2D& copy) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  if (!passes("cuMemcpy2D")) return CUDA_ERROR_LAUNCH_FAILED;
  const auto* from = copy.srcMemoryType == CU_MEMORYTYPE_HOST
                         ? static_cast<const uint8_t*>(copy.srcHost)
                         : device_rows(copy.srcDevice, copy.srcPitch, copy.WidthInBytes,
                                       copy.Height, current("cuMemcpy2D"));
  auto* to = copy.dstMemoryType == CU_MEMORYTYPE_HOST
                 ? static_cast<uint8_t*>(copy.dstHost)
                 : device_rows(copy.dstDevice, copy.dstPitch, copy.WidthInBytes, copy.Height,
                               current("cuMemcpy2D"));
  if (copy.srcMemoryType != copy.dstMemoryType) {
    fake_cuda().crossed += copy.WidthInBytes * copy.Height;
  }
  if (from == nullptr || to == nullptr) return CUDA_ERROR_INVALID_VALUE;
  from += copy.srcY * copy.srcPitch + copy.srcXInBytes;
  to += copy.dstY * copy.dstPitch + copy.dstXInBytes;
  for (size_t y = 0; y < copy.Height; ++y) {
    std::memcpy(to + y * copy.dstPitch, from + y * copy.srcPitch, copy.WidthInBytes);
  }
  return CUDA_SUCCESS;
}

}  // namespace

void FakeCuda::begin() {
  devices = FakeCuda().devices;
  failing.clear();
  calls_before_failure = 0;
  crossed = peered = 0;
  waits = 0;
  has_peers = true;
  faults.clear();
  calls.clear();
}

void* FakeCuda::primary(int device) const {
  return &primaries[device];
}

size_t FakeCuda::arrays() const {
  return ::arrays.size();
}

size_t FakeCuda::host_arrays() const {
  return ::host_arrays.size();
}

bool FakeCuda::is_primary(int device, const void* address) const {
  const auto next = ::arrays.upper_bound(reinterpret_cast<CUdeviceptr>(address));
  if (next == ::arrays.begin()) return false;
  const auto& [begin, array] = *std::prev(next);
  return reinterpret_cast<CUdeviceptr>(address) < begin + array.size &&
         array.context == &::primaries[device];
}

FakeCuda& fake_cuda() {
  static FakeCuda fake;
  fake.retained.resize(kMostDevices);
  return fake;
}

#define FAKE extern "C" __attribute__((visibility("default"))) CUresult CUDAAPI

FAKE cuInit(unsigned int) {
  return passes("cuInit") ? CUDA_SUCCESS : CUDA_ERROR_NO_DEVICE;
}
FAKE cuGetErrorName(CUresult, const char** text) {
  *text = "CUDA_ERROR_OF_THE_FAKE";
  return CUDA_SUCCESS;
}
FAKE cuGetErrorString(CUresult, const char** text) {
  *text = "the fake fails as the test asks";
  return CUDA_SUCCESS;
}
FAKE cuDriverGetVersion(int* version) {
  *version = 12000;
  return CUDA_SUCCESS;
}

FAKE cuDeviceGetCount(int* count) {
  *count = fake_cuda().devices;
  return CUDA_SUCCESS;
}
FAKE cuDeviceGet(CUdevice* device, int index) {
  if (!passes("cuDeviceGet") || index >= fake_cuda().devices) return CUDA_ERROR_INVALID_DEVICE;
  *device = index;
  return CUDA_SUCCESS;
}
FAKE cuDeviceGetName(char* name, int size, CUdevice) {
  std::strncpy(name, "fake", size);
  return CUDA_SUCCESS;
}
FAKE cuDeviceGetAttribute(int* value, CUdevice_attribute, CUdevice) {
  if (!passes("cuDeviceGetAttribute")) return CUDA_ERROR_INVALID_VALUE;
  *value = 9;
  return CUDA_SUCCESS;
}
FAKE cuDeviceCanAccessPeer(int* can, CUdevice, CUdevice) {
  *can = 0;
  return CUDA_SUCCESS;
}

FAKE cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice device) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  if (!passes("cuDevicePrimaryCtxRetain")) return CUDA_ERROR_OUT_OF_MEMORY;
  ++fake_cuda().retained[device];
  *context = &primaries[device];
  return CUDA_SUCCESS;
}
FAKE cuDevicePrimaryCtxRelease(CUdevice device) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  --fake_cuda().retained[device];
  return CUDA_SUCCESS;
}
FAKE cuCtxCreate_v2(CUcontext* context, unsigned int, CUdevice device) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  if (!passes("cuCtxCreate")) return CUDA_ERROR_OUT_OF_MEMORY;
  ++fake_cuda().contexts;
  *context = new CUctx_st{device, false};
  stack.push_back(*context);
  return CUDA_SUCCESS;
}
FAKE cuCtxDestroy(CUcontext context) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  if (context->is_primary) {
    note("the primary context is destroyed");
    return CUDA_ERROR_INVALID_CONTEXT;
  }
  --fake_cuda().contexts;
  delete context;
  return CUDA_SUCCESS;
}
FAKE cuCtxPushCurrent(CUcontext context) {
  if (!passes("cuCtxPushCurrent")) return CUDA_ERROR_INVALID_CONTEXT;
  stack.push_back(context);
  return CUDA_SUCCESS;
}
FAKE cuCtxPopCurrent(CUcontext* context) {
  if (stack.empty()) return CUDA_ERROR_INVALID_CONTEXT;
  if (context != nullptr) *context = stack.back();
  stack.pop_back();
  return CUDA_SUCCESS;
}

FAKE cuMemAlloc(CUdeviceptr* address, size_t size) {
  return allocate("cuMemAlloc", address, size);
}
FAKE cuMemAllocPitch(CUdeviceptr* address, size_t* pitch, size_t width, size_t height,
                     unsigned int) {
  *pitch = (width + kPitch - 1) / kPitch * kPitch;
  return allocate("cuMemAllocPitch", address, *pitch * height);
}
FAKE cuMemFree(CUdeviceptr address) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  const auto array = arrays.find(address);
  if (array == arrays.end()) return CUDA_ERROR_INVALID_VALUE;
  const CUcontext context = current("cuMemFree");
  if (context != nullptr && array->second.context != context) note("freed in another context");
  std::free(reinterpret_cast<void*>(address));
  arrays.erase(array);
  return CUDA_SUCCESS;
}
FAKE cuMemAllocHost(void** address, size_t size) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  if (!passes("cuMemAllocHost")) return CUDA_ERROR_OUT_OF_MEMORY;
  *address = std::malloc(size);
  host_arrays.insert(*address);
  return CUDA_SUCCESS;
}
FAKE cuMemFreeHost(void* address) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  host_arrays.erase(address);
  std::free(address);
  return CUDA_SUCCESS;
}
FAKE cuMemcpy2D(const CUDA_MEMCPY2D* copy) {
  ++fake_cuda().waits;
  return copy_rows(*copy);
}
FAKE cuMemcpy2DAsync(const CUDA_MEMCPY2D* copy, CUstream) {
  return copy_rows(*copy);
}

FAKE cuMemcpy3DPeer(const CUDA_MEMCPY3D_PEER* copy) {
  const std::lock_guard<std::recursive_mutex> lock(mutex);
  current("cuMemcpy3DPeer");
  if (!fake_cuda().has_peers) return CUDA_ERROR_PEER_ACCESS_UNSUPPORTED;
  if (!passes("cuMemcpy3DPeer")) return CUDA_ERROR_LAUNCH_FAILED;
  const size_t width = copy->WidthInBytes, height = copy->Height;
  const auto* from = device_rows(copy->srcDevice, copy->srcPitch, width, height, copy->srcContext);
  auto* to = device_rows(copy->dstDevice, copy->dstPitch, width, height, copy->dstContext);
  if (from == nullptr || to == nullptr) return CUDA_ERROR_INVALID_VALUE;
  for (size_t y = 0; y < height; ++y)
    std::memcpy(to + y * copy->dstPitch, from + y * copy->srcPitch, width);
  fake_cuda().peered += width * height;
  return CUDA_SUCCESS;
}

FAKE cuStreamCreate(CUstream* stream, unsigned int) {
  *stream = nullptr;
  return CUDA_SUCCESS;
}
// GStreamer asks for the names that its own copy of NVIDIA's header gives: here the first of the
// two.
#undef cuStreamDestroy
FAKE cuStreamDestroy(CUstream) {
  return CUDA_SUCCESS;
}
FAKE cuStreamSynchronize(CUstream) {
  ++fake_cuda().waits;
  return CUDA_SUCCESS;
}
