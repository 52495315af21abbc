// Processors for which nothing beside the plain code is compiled.

#include <stdexcept>
#include <string>

#include "plugin/colorizer/cpu/row_loops.h"

namespace cgan {

extern const RowLoops kBaselineRowLoops;

const RowLoops& row_loops_of(InstructionSet set) {
  if (set == InstructionSet::kBaseline) return kBaselineRowLoops;
  throw std::invalid_argument(std::string("this build has no code for ") + to_string(set));
}

}  // namespace cgan
