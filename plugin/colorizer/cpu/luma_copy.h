#pragma once

#include <cstdint>

#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/plan/luma_plan.h"

namespace cgan {

/// Brings the luma of the input to the output, as the plan says. Thread-safety: const after
/// construction.
class LumaCopy {
 public:
  explicit LumaCopy(LumaCopyPlan plan);

  /// Rows first..last - 1; nothing to do where both are the same memory.
  void rows(const LumaView& in, const FrameView& out, int64_t first, int64_t last) const;

 private:
  template <typename In, typename Out>
  void convert(const LumaView& in, const FrameView& out, int64_t first, int64_t last) const;

  LumaCopyPlan plan_;
};

}  // namespace cgan
