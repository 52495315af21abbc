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

/// A card with a stream of its own for each lane. Memory is that of the device's primary context,
/// which LibTorch uses, too. Thread-safety: one thread at a time.
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
  void upload(void* to, const void* from, int64_t bytes, Lane lane);
  /// Device to host; it is there when the lane has been waited for.
  void download(void* to, const void* from, int64_t bytes, Lane lane);

  /// See DeviceEvent.
  using Event = cudaEvent_t;
  Event make_event();
  void destroy_event(Event event) noexcept;
  void record(Lane lane, Event event);
  void hold(Lane lane, Event event);
  void wait(Event event);

#ifdef __CUDACC__
  template <typename Kernel>
  void launch(const Kernel& kernel) {
    const LaunchShape shape = launch_shape(kernel.extent());
    make_current();
    run<<<dim3(shape.blocks_across, shape.blocks_down), dim3(kBlockWidth, kBlockHeight), 0,
          stream()>>>(kernel);
    check(cudaGetLastError());
  }
#endif

  /// From device to device.
  void copy(const void* from, int64_t bytes, void* to);

  /// That of Lane::kCompute.
  cudaStream_t stream() const {
    return stream_of(Lane::kCompute);
  }
  /// Until all that was asked of that lane is done.
  void wait();

 private:
  void make_current() {
    check(cudaSetDevice(index_));
  }

  cudaStream_t stream_of(Lane lane) const {
    return streams_[static_cast<int>(lane)];
  }

  int index_;
  cudaStream_t streams_[kLanes] = {};
};

}  // namespace cgan::cuda
