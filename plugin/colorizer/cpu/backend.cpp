#include "plugin/colorizer/backend.h"

#include <algorithm>

#include "plugin/colorizer/cpu/frame_passes.h"
#include "plugin/colorizer/cpu/temporal_passes.h"

namespace cgan {
namespace {

class CpuBackend : public Backend {
 public:
  CpuBackend(WorkerPool& pool, const RowLoops& loops) : pool_(pool), loops_(loops) {}

  bool takes(CganMemory memory) const override { return memory == CGAN_MEMORY_HOST; }

  bool runs_beside_host() const override { return false; }

  std::unique_ptr<FramePasses> frame_passes(const FramePlan& plan, CganMemory,
                                            const FramesUnderWay& frames) const override {
    return std::make_unique<CpuFramePasses>(plan, pool_, loops_, frames.undecided);
  }
  std::unique_ptr<TemporalPasses> temporal_passes(int64_t width, int64_t height,
                                                  int64_t chroma_scale) const override {
    return std::make_unique<CpuTemporalPasses>(width, height, chroma_scale, loops_);
  }
  void copy(const float* from, int64_t count, float* to) const override {
    std::copy_n(from, count, to);
  }
  void wait() const override {}
  void* cuda_stream() const override { return nullptr; }

 private:
  float* allocate(int64_t count) const override { return new float[count](); }
  void release(float* numbers) const noexcept override { delete[] numbers; }

  WorkerPool& pool_;
  const RowLoops& loops_;
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend(WorkerPool& pool, InstructionSet set) {
  return std::make_unique<CpuBackend>(pool, row_loops_of(set));
}

}  // namespace cgan
