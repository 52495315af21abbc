#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/cpu/chroma_hold.h"
#include "plugin/colorizer/cpu/chroma_upsample.h"
#include "plugin/colorizer/cpu/colour_meter.h"
#include "plugin/colorizer/cpu/luma_copy.h"
#include "plugin/colorizer/cpu/luma_guide.h"
#include "plugin/colorizer/cpu/own_chroma.h"
#include "plugin/colorizer/cpu/pack.h"
#include "plugin/colorizer/cpu/work_copy.h"

namespace cgan {

/// FramePasses in bands of rows on all threads of a pool, each row straight from the input to the
/// output. Everything is allocated by the constructor.
class CpuFramePasses : public FramePasses {
 public:
  /// @param pool must outlive the passes
  /// @param undecided see FramesUnderWay
  CpuFramePasses(const FramePlan& plan, WorkerPool& pool, const RowLoops& loops = row_loops_of(),
                 int64_t undecided = 1);

  void read(const LumaView& luma, float* work) override { work_copy_.run(luma, work); }
  void measure(const InputView& in, int64_t place) override {
    measured_[place] = colour_meter_->measure(in);
  }
  ColourMeasure measured(int64_t place) override { return measured_[place]; }
  void write(const InputView& in, const WorkPicture* picture, const CganLook& look,
             const FrameView& out) override;
  void complete() override {}
  void keep(int64_t) override {}
  void write_neutral(const LumaView& luma, const FrameView& out) override;
  void forget() override { hold_.forget(); }
  void archive(StateArchive& archive) override { hold_.archive(archive); }

 private:
  void copy_luma(const LumaView& luma, const FrameView& out, int64_t first, int64_t last) const;

  int64_t height_;
  ChromaGrid grid_;
  PackPlan pack_plan_;
  WorkerPool& pool_;
  LumaCopy luma_copy_;
  WorkCopy work_copy_;
  ChromaUpsample upsample_;
  LumaGuide guide_;
  Packer packer_;
  ChromaHold hold_;
  OwnChroma own_chroma_;
  std::optional<ColourMeter> colour_meter_;  ///< None for gray.
  std::vector<ColourMeasure> measured_;
  std::vector<std::vector<float>> rows_;  ///< luma, Cb and Cr of one row, for each thread
};

}  // namespace cgan
