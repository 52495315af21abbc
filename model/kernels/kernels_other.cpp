// Processors for which nothing beside the plain code is compiled.

#include <stdexcept>
#include <string>

#include "model/kernels/kernels.h"

namespace cgan {

extern const Kernels kBaselineKernels;

const Kernels& kernels_of(InstructionSet set) {
  if (set == InstructionSet::kBaseline) return kBaselineKernels;
  throw std::invalid_argument(std::string("this build has no code for ") + to_string(set));
}

}  // namespace cgan
