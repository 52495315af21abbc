// The passes over frames on a card, compiled by nvcc. Colour is still kept steady on the CPU.

#include <string>

#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cuda/cuda_device.h"
#include "plugin/colorizer/cuda/frame_passes_on.h"

namespace cgan {
namespace {

using cuda::CudaDevice;

/// The passes with the stream that they run on.
class CudaFramePasses : public FramePasses {
 public:
  CudaFramePasses(const FramePlan& plan, CganMemory memory, int index)
      : device_(index), passes_(plan, device_, memory) {}

  void read(const LumaView& luma, float* work) override { passes_.read(luma, work); }
  ColourMeasure measure(const InputView& in) override { return passes_.measure(in); }
  void write(const InputView& in, const WorkPicture* picture, const CganLook& look,
             const FrameView& out) override {
    passes_.write(in, picture, look, out);
  }
  void write_neutral(const LumaView& luma, const FrameView& out) override {
    passes_.write_neutral(luma, out);
  }
  void forget() override { passes_.forget(); }

 private:
  CudaDevice device_;
  cuda::FramePassesOn<CudaDevice> passes_;
};

class CudaBackend : public Backend {
 public:
  CudaBackend(int index, WorkerPool& pool) : index_(index), cpu_(make_cpu_backend(pool)) {}

  bool takes(CganMemory) const override { return true; }

  std::unique_ptr<FramePasses> frame_passes(const FramePlan& plan,
                                            CganMemory memory) const override {
    return std::make_unique<CudaFramePasses>(plan, memory, index_);
  }
  std::unique_ptr<TemporalPasses> temporal_passes(int64_t width, int64_t height,
                                                  int64_t chroma_scale) const override {
    return cpu_->temporal_passes(width, height, chroma_scale);
  }

 private:
  int index_;
  std::unique_ptr<Backend> cpu_;
};

}  // namespace

std::unique_ptr<Backend> make_cuda_backend(const std::string& device, WorkerPool& pool) {
  const size_t colon = device.find(':');
  const int index = colon == std::string::npos ? 0 : std::stoi(device.substr(colon + 1));
  return std::make_unique<CudaBackend>(index, pool);
}

}  // namespace cgan
