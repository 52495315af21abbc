// Processors for which nothing beside the plain code is compiled.

#include "model/networks/norm_loops.h"

namespace cgan {

extern const NormLoops kBaselineNormLoops;

const NormLoops& norm_loops(InstructionSet) {
  return kBaselineNormLoops;
}

}  // namespace cgan
