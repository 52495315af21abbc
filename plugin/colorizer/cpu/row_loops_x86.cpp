// The tables that are compiled for x86-64.

#include <stdexcept>
#include <string>

#include "plugin/colorizer/cpu/row_loops.h"

namespace cgan {

extern const RowLoops kBaselineRowLoops, kAvx2RowLoops, kAvx512RowLoops;

const RowLoops& row_loops_of(InstructionSet set) {
  if (!runs_here(set)) {
    throw std::invalid_argument(std::string("this processor does not run the code for ") +
                                to_string(set));
  }
  switch (set) {
    case InstructionSet::kAvx512:
    case InstructionSet::kAvx512Vnni:
      return kAvx512RowLoops;
    case InstructionSet::kAvx2:
    case InstructionSet::kAvxVnni:
      return kAvx2RowLoops;
    case InstructionSet::kBaseline:
      break;
  }
  return kBaselineRowLoops;
}

}  // namespace cgan
