// Processors for which nothing beside the plain code is compiled.

#include "model/kernels/instruction_set.h"

namespace cgan {

bool runs_here(InstructionSet set) {
  return set == InstructionSet::kBaseline;
}

bool has_bfloat16() {
  return false;
}

}  // namespace cgan
