// Processors for which nothing beside the plain code is compiled.

#include "model/kernels/instruction_set.h"

namespace cgan {

bool runs_here(InstructionSet set) {
  return set == InstructionSet::kBaseline;
}

}  // namespace cgan
