// The passes on a card, compiled by nvcc.

#include <string>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cuda/cuda_device.h"
#include "plugin/colorizer/cuda/frame_passes_on.h"
#include "plugin/colorizer/cuda/temporal_passes_on.h"

namespace cgan {
namespace {

using cuda::CudaDevice;

class CudaBackend : public Backend {
 public:
  explicit CudaBackend(int index) : device_(index) {}

  bool takes(CganMemory) const override { return true; }
  bool runs_beside_host() const override { return true; }

  std::unique_ptr<FramePasses> frame_passes(const FramePlan& plan, CganMemory memory,
                                            const FramesUnderWay& frames) const override {
    return std::make_unique<cuda::FramePassesOn<CudaDevice>>(plan, device_, memory, frames);
  }
  std::unique_ptr<TemporalPasses> temporal_passes(int64_t width, int64_t height,
                                                  int64_t chroma_scale) const override {
    return std::make_unique<cuda::TemporalPassesOn<CudaDevice>>(width, height, chroma_scale,
                                                                device_);
  }
  void copy(const float* from, int64_t count, float* to) const override {
    device_.copy(from, count * int64_t{sizeof(float)}, to);
  }
  void wait() const override { device_.wait(); }
  void* cuda_stream() const override { return device_.stream(); }

 private:
  float* allocate(int64_t count) const override {
    auto* const numbers = static_cast<float*>(device_.allocate(count * int64_t{sizeof(float)}));
    device_.launch(cuda::ClearKernel{0.0f, count, 1, numbers});
    return numbers;
  }
  void release(float* numbers) const noexcept override { device_.release(numbers); }

  mutable CudaDevice device_;  ///< Its streams are those of all passes.
};

}  // namespace

std::unique_ptr<Backend> make_cuda_backend(const std::string& device) {
  const size_t colon = device.find(':');
  const int index = colon == std::string::npos ? 0 : std::stoi(device.substr(colon + 1));
  return std::make_unique<CudaBackend>(index);
}

}  // namespace cgan
