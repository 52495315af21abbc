#include "plugin/colorizer/cpu/row_loops_body.h"

namespace cgan {

extern const RowLoops kAvx2RowLoops;
const RowLoops kAvx2RowLoops = table_of(InstructionSet::kAvx2);

}  // namespace cgan
