// Processors whose instruction for it is not known here.

#include "model/threads/spin_pause.h"

namespace cgan {

void spin_pause() {}

}  // namespace cgan
