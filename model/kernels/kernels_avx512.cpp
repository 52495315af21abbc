#include "model/kernels/vectors_avx512.h"

namespace cgan {

extern const Kernels kAvx512Kernels;
const Kernels kAvx512Kernels = table_of<Avx512>(InstructionSet::kAvx512);

}  // namespace cgan
