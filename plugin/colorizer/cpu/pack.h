#pragma once

#include <cstdint>

#include "plugin/colorizer/cpu/chroma_hold.h"
#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/plan/chroma_plan.h"

namespace cgan {

/// From chroma signals to the planes of a frame, as the plan says. Thread-safety: const after
/// construction.
class Packer {
 public:
  explicit Packer(const PackPlan& plan, const RowLoops& loops = row_loops_of());

  /// Converts one row of chroma to the frame's matrix and writes its codes.
  /// @param first the samples before it are left as they are, 0..grid.width
  /// @param luma (grid.width), 0..1
  /// @param cb, cr (grid.width), BT.601, -0.5..0.5 or beyond, finite
  /// @param hold of this stream; its row is brought up to date
  void chroma_row(int64_t y, int64_t first, const float* luma, const float* cb, const float* cr,
                  const pixel::LookConstants& look, ChromaHold& hold, const FrameView& out) const;

  /// Writes chroma without colour.
  void write_neutral(const FrameView& out) const;

 private:
  template <typename Code>
  void write_row(int64_t y, int64_t first, const float* luma, const float* cb, const float* cr,
                 const pixel::LookConstants& look, ChromaHold& hold, const FrameView& out) const;

  PackPlan plan_;
  const RowLoops& loops_;
};

}  // namespace cgan
