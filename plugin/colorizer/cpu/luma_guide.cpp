#include "plugin/colorizer/cpu/luma_guide.h"

#include <algorithm>

namespace cgan {

void LumaGuide::row(const LumaView& frame, int64_t y, float* luma) const {
  const int64_t line = y * plan_.grid.step_y;
  const auto row_at = [&](int64_t at) {
    return frame.row(std::clamp<int64_t>(at, 0, plan_.frame_height - 1));
  };
  loops_.guide_row(
      {row_at(line - 1), row_at(line), row_at(line + 1), plan_.in_bytes, plan_.frame_width,
       plan_.grid.width, plan_.across, plan_.down, plan_.scale, plan_.offset},
      luma);
}

}  // namespace cgan
