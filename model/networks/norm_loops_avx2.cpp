#include "model/networks/norm_loops_body.h"

namespace cgan {

extern const NormLoops kAvx2NormLoops;
const NormLoops kAvx2NormLoops = kLoops;

}  // namespace cgan
