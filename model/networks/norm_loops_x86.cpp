// The tables that are compiled for x86-64.

#include "model/networks/norm_loops.h"

namespace cgan {

extern const NormLoops kBaselineNormLoops, kAvx2NormLoops, kAvx512NormLoops;

const NormLoops& norm_loops(InstructionSet set) {
  switch (set) {
    case InstructionSet::kAvx512:
    case InstructionSet::kAvx512Vnni:
      return kAvx512NormLoops;
    case InstructionSet::kAvx2:
    case InstructionSet::kAvxVnni:
      return kAvx2NormLoops;
    case InstructionSet::kBaseline:
      break;
  }
  return kBaselineNormLoops;
}

}  // namespace cgan
