#pragma once

#include <cstdint>

#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/plan/luma_plan.h"

namespace cgan {

/// The frame's luma at its chroma samples, as the plan says. Thread-safety: const after
/// construction.
class LumaGuide {
 public:
  explicit LumaGuide(const LumaGuidePlan& plan, const RowLoops& loops = row_loops_of())
      : plan_(plan), loops_(loops) {}

  /// @param y row of the chroma grid
  /// @param luma (grid.width), written, 0..1 by the range; codes outside it are limited
  void row(const LumaView& frame, int64_t y, float* luma) const;

 private:
  LumaGuidePlan plan_;
  const RowLoops& loops_;
};

}  // namespace cgan
