#include "model/networks/norm_loops_body.h"

namespace cgan {

extern const NormLoops kBaselineNormLoops;
const NormLoops kBaselineNormLoops = kLoops;

}  // namespace cgan
