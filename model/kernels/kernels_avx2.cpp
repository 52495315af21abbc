#include "model/kernels/vectors_avx2.h"

namespace cgan {

extern const Kernels kAvx2Kernels;
const Kernels kAvx2Kernels = table_of<Avx2>(InstructionSet::kAvx2);

}  // namespace cgan
