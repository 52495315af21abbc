#pragma once

// The table of row_loops.h. A source per instruction set includes this once, with the flags of the
// set. All that is here, in frame_loops.h and below pixel/ has internal linkage or becomes part of
// what calls it, and nothing of the standard library is called: code of one instruction set that
// the linker shared with others would run where it cannot.

#include "plugin/colorizer/cpu/frame_loops.h"

namespace cgan {
namespace {

constexpr RowLoops table_of(InstructionSet set) {
  return {set,          work_row,     guide_row, moments_row, row_means,
          column_means, slopes,       rests_row, guided_row,  chroma_codes,
          hold_codes,   tint_of_tone, take_tint, tint_counts};
}

}  // namespace
}  // namespace cgan
