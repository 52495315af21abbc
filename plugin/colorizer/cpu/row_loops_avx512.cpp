#include "plugin/colorizer/cpu/row_loops_body.h"

namespace cgan {

extern const RowLoops kAvx512RowLoops;
const RowLoops kAvx512RowLoops = table_of(InstructionSet::kAvx512);

}  // namespace cgan
