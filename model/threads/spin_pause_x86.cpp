#include "model/threads/spin_pause.h"

namespace cgan {

void spin_pause() {
  __builtin_ia32_pause();
}

}  // namespace cgan
