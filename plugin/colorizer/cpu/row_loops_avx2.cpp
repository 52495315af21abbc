#include "plugin/colorizer/cpu/block_search_avx2.h"
#include "plugin/colorizer/cpu/row_loops_body.h"

namespace cgan {

extern const RowLoops kAvx2RowLoops;
const RowLoops kAvx2RowLoops = table_of<Avx2Search>(InstructionSet::kAvx2);

}  // namespace cgan
