#include "plugin/colorizer/cuda/cuda_device.h"

#include <c10/cuda/CUDACachingAllocator.h>

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

CudaDevice::CudaDevice(int index) : index_(index) {
  make_current();
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
}

CudaDevice::~CudaDevice() {
  cudaStreamDestroy(stream_);
}

void* CudaDevice::allocate(int64_t bytes) {
  make_current();
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
  void* data = nullptr;
  check(cudaMallocHost(&data, bytes));
  return data;
}

void CudaDevice::release_staging(void* data) noexcept {
  cudaFreeHost(data);
}

void CudaDevice::upload(void* to, const void* from, int64_t bytes) {
  make_current();
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, stream_));
}

void CudaDevice::download(void* to, const void* from, int64_t bytes) {
  make_current();
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, stream_));
}

void CudaDevice::copy(const void* from, int64_t bytes, void* to) {
  make_current();
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream_));
}

void CudaDevice::wait() {
  make_current();
  check(cudaStreamSynchronize(stream_));
}

}  // namespace cgan::cuda
