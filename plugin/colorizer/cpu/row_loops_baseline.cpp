#include "plugin/colorizer/cpu/row_loops_body.h"

namespace cgan {

extern const RowLoops kBaselineRowLoops;
const RowLoops kBaselineRowLoops = table_of<PlainSearch>(InstructionSet::kBaseline);

}  // namespace cgan
