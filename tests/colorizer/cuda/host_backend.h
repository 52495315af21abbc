#pragma once

#include <cstring>
#include <memory>
#include <utility>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cuda/frame_passes_on.h"
#include "plugin/colorizer/cuda/temporal_passes_on.h"
#include "tests/colorizer/cuda/host_device.h"

namespace cgan::test {

/// All passes by the kernels of the card, which run on the host.
/// @tparam Device see cuda::DeviceArray; its memory is the host's
template <typename Device>
class BackendOn : public Backend {
 public:
  template <typename... Arguments>
  explicit BackendOn(Arguments&&... arguments) : device_(std::forward<Arguments>(arguments)...) {}
  Device& device() { return device_; }

  bool takes(CganMemory) const override { return true; }
  bool runs_beside_host() const override { return true; }
  std::unique_ptr<FramePasses> frame_passes(const FramePlan& plan, CganMemory memory,
                                            const FramesUnderWay& frames) const override {
    return std::make_unique<cuda::FramePassesOn<Device>>(plan, device_, memory, frames);
  }
  std::unique_ptr<TemporalPasses> temporal_passes(int64_t width, int64_t height,
                                                  int64_t chroma_scale) const override {
    return std::make_unique<cuda::TemporalPassesOn<Device>>(width, height, chroma_scale, device_);
  }
  void copy(const float* from, int64_t count, float* to) const override {
    device_.copy(from, count * int64_t{sizeof(float)}, to);
  }
  void wait() const override { device_.wait(); }
  void* cuda_stream() const override { return nullptr; }

 private:
  float* allocate(int64_t count) const override {
    return static_cast<float*>(
        std::memset(device_.allocate(count * int64_t{sizeof(float)}), 0, count * sizeof(float)));
  }
  void release(float* numbers) const noexcept override { device_.release(numbers); }

  mutable Device device_;
};

using HostBackend = BackendOn<HostDevice>;

}  // namespace cgan::test
