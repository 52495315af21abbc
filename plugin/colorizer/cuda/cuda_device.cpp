#include "plugin/colorizer/cuda/cuda_device.h"

#include <c10/cuda/CUDACachingAllocator.h>

#include "plugin/colorizer/cuda/card_calls.h"
#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan::cuda {

void check(cudaError_t status) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // else the next launch would report it, too
  if (status == cudaErrorMemoryAllocation) {
    throw ColorizerError(CGAN_ERROR_MEMORY,
                         "The CUDA card is out of memory; close other programs that use it, or use "
                         "device=cpu.",
                         cudaGetErrorString(status));
  }
  throw ColorizerError(CGAN_ERROR_DEVICE, "The CUDA card failed; try again, or use device=cpu.",
                       cudaGetErrorString(status));
}

CardCalls& card_calls() {
  static CardCalls calls;
  return calls;
}

uint64_t used_card_memory() {
  check(cudaSetDevice(0));
  size_t free = 0, all = 0;
  check(cudaMemGetInfo(&free, &all));
  return all - free;
}

CudaDevice::CudaDevice(int index) : index_(index) {
  make_current();
  for (cudaStream_t& stream : streams_)
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
}

CudaDevice::~CudaDevice() {
  for (const cudaStream_t stream : streams_) cudaStreamDestroy(stream);
}

void* CudaDevice::allocate(int64_t bytes) {
  make_current();
  ++card_calls().allocations;
  void* data = nullptr;
  if (cudaMalloc(&data, bytes) == cudaSuccess) return data;
  // LibTorch keeps what its tensors gave back.
  cudaGetLastError();
  c10::cuda::CUDACachingAllocator::emptyCache();
  check(cudaMalloc(&data, bytes));
  return data;
}

void CudaDevice::release(void* data) noexcept {
  cudaFree(data);
}

void* CudaDevice::allocate_staging(int64_t bytes) {
  if (bytes == 0) return nullptr;
  make_current();
  ++card_calls().allocations;
  void* data = nullptr;
  check(cudaMallocHost(&data, bytes));
  return data;
}

void CudaDevice::release_staging(void* data) noexcept {
  cudaFreeHost(data);
}

void CudaDevice::upload(void* to, const void* from, int64_t bytes, Lane lane) {
  make_current();
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream_of(lane)));
}

void CudaDevice::download(void* to, const void* from, int64_t bytes, Lane lane) {
  make_current();
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream_of(lane)));
}

cudaEvent_t CudaDevice::make_event() {
  make_current();
  cudaEvent_t event = nullptr;
  check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
  return event;
}

void CudaDevice::destroy_event(cudaEvent_t event) noexcept {
  cudaEventDestroy(event);
}

void CudaDevice::record(Lane lane, cudaEvent_t event) {
  make_current();
  check(cudaEventRecord(event, stream_of(lane)));
}

void CudaDevice::hold(Lane lane, cudaEvent_t event) {
  make_current();
  check(cudaStreamWaitEvent(stream_of(lane), event, 0));
}

void CudaDevice::wait(cudaEvent_t event) {
  make_current();
  const cudaError_t status = cudaEventQuery(event);
  if (status != cudaErrorNotReady) return check(status);
  ++card_calls().waits;
  check(cudaEventSynchronize(event));
}

void CudaDevice::copy(const void* from, int64_t bytes, void* to) {
  make_current();
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream()));
}

void CudaDevice::wait() {
  make_current();
  ++card_calls().waits;
  check(cudaStreamSynchronize(stream()));
}

}  // namespace cgan::cuda
