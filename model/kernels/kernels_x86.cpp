// The tables that are compiled for x86-64.

#include <stdexcept>
#include <string>

#include "model/kernels/kernels.h"

namespace cgan {

extern const Kernels kBaselineKernels, kAvx2Kernels, kAvxVnniKernels, kAvx512Kernels,
    kAvx512VnniKernels;

const Kernels& kernels_of(InstructionSet set) {
  if (runs_here(set)) {
    for (const Kernels* table :
         {&kBaselineKernels, &kAvx2Kernels, &kAvxVnniKernels, &kAvx512Kernels, &kAvx512VnniKernels})
      if (table->set == set) return *table;
  }
  throw std::invalid_argument(std::string("this processor does not run the code for ") +
                              to_string(set));
}

}  // namespace cgan
