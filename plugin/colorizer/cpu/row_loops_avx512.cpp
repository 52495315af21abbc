#include "plugin/colorizer/cpu/block_search_avx2.h"
#include "plugin/colorizer/cpu/row_loops_body.h"

namespace cgan {

extern const RowLoops kAvx512RowLoops;
const RowLoops kAvx512RowLoops = table_of<Avx2Search>(InstructionSet::kAvx512);

}  // namespace cgan
