#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "plugin/colorizer/cuda/device_array.h"
#include "plugin/colorizer/cuda/launch.h"

namespace cgan::cuda {

/// @throws ColorizerError (CGAN_ERROR_MEMORY) where the card's memory is used up, else
///   (CGAN_ERROR_DEVICE), with the runtime's own text
void check(cudaError_t status);

#ifdef __CUDACC__
template <typename Kernel>
__global__ void __launch_bounds__(kBlockWidth* kBlockHeight) run(const Kernel kernel) {
  kernel(int64_t{blockIdx.x} * kBlockWidth + threadIdx.x,
         int64_t{blockIdx.y} * kBlockHeight + threadIdx.y);
}
#endif

/// A card with a stream of its own, in whose order all of this happens. Memory is that of the
/// device's primary context, which LibTorch uses, too. Thread-safety: one thread at a time.
class CudaDevice {
 public:
  /// @throws ColorizerError
  explicit CudaDevice(int index);
  ~CudaDevice();
  CudaDevice(const CudaDevice&) = delete;
  CudaDevice& operator=(const CudaDevice&) = delete;

  void* allocate(int64_t bytes);
  void release(void* data) noexcept;

  /// Memory of the host that the card reads and writes by itself.
  void* allocate_staging(int64_t bytes);
  void release_staging(void* data) noexcept;

  /// Host to device. What is no staging has been read when this returns.
  void upload(void* to, const void* from, int64_t bytes);
  /// Device to host; it is there after wait().
  void download(void* to, const void* from, int64_t bytes);

#ifdef __CUDACC__
  template <typename Kernel>
  void launch(const Kernel& kernel) {
    const LaunchShape shape = launch_shape(kernel.extent());
    make_current();
    run<<<dim3(shape.blocks_across, shape.blocks_down), dim3(kBlockWidth, kBlockHeight), 0,
          stream_>>>(kernel);
    check(cudaGetLastError());
  }
#endif

  /// From device to device.
  void copy(const void* from, int64_t bytes, void* to);

  cudaStream_t stream() const {
    return stream_;
  }
  /// Until all that was asked for is done.
  void wait();

 private:
  void make_current() {
    check(cudaSetDevice(index_));
  }

  int index_;
  cudaStream_t stream_ = nullptr;
};

}  // namespace cgan::cuda
