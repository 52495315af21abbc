#include "model/networks/norm_loops_body.h"

namespace cgan {

extern const NormLoops kAvx512NormLoops;
const NormLoops kAvx512NormLoops = kLoops;

}  // namespace cgan
