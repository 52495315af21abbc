#pragma once

#include <cstdint>

#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/plan/luma_plan.h"

namespace cgan {

/// The frame's luma at its chroma samples, as the plan says. Thread-safety: const after
/// construction.
class LumaGuide {
 public:
  explicit LumaGuide(const LumaGuidePlan& plan);

  /// @param y row of the chroma grid
  /// @param luma (grid.width), written, 0..1 by the range; codes outside it are limited
  void row(const LumaView& frame, int64_t y, float* luma) const {
    (this->*write_row_)(frame, y, luma);
  }

 private:
  using WriteRow = void (LumaGuide::*)(const LumaView&, int64_t, float*) const;

  template <typename Sample>
  static WriteRow choose(pixel::Cover across, pixel::Cover down);
  template <typename Sample, pixel::Cover kAcross, pixel::Cover kDown>
  void write_row(const LumaView& frame, int64_t y, float* luma) const;

  LumaGuidePlan plan_;
  WriteRow write_row_;
};

}  // namespace cgan
