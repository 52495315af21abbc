#pragma once

// The table of row_loops.h. A source per instruction set includes this once, with the flags of the
// set. All that is here, in frame_loops.h, temporal_loops.h and below pixel/ has internal linkage
// or becomes part of what calls it, and nothing of the standard library is called: code of one
// instruction set that the linker shared with others would run where it cannot.

#include "plugin/colorizer/cpu/frame_loops.h"
#include "plugin/colorizer/cpu/temporal_loops.h"

namespace cgan {
namespace {

/// @tparam Search PlainSearch or one that finds the same
template <typename Search>
constexpr RowLoops table_of(InstructionSet set) {
  return {set,
          work_row,
          guide_row,
          moments_row,
          row_means,
          column_means,
          slopes,
          rests_row,
          guided_row,
          chroma_codes,
          hold_codes,
          tint_of_tone,
          take_tint,
          tint_counts,
          detail_row,
          search_blocks<Search>,
          window_difference,
          cell_difference,
          flat_difference,
          excess_row,
          window_sums,
          confidence_row,
          level_row,
          expose,
          drift,
          mix,
          renew,
          widen_row,
          halve_rows};
}

}  // namespace
}  // namespace cgan
