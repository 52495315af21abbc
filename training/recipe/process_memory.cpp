#include "training/recipe/process_memory.h"

#include <malloc.h>
#include <unistd.h>
#include <cstdlib>

namespace cgan {

void prepare_memory(char** argv) {
  if (!std::getenv("GLIBC_TUNABLES")) {
    setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 1);
    // Workers are the parallelism: a BLAS with threads of its own would fight them.
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
    execv("/proc/self/exe", argv);
    // Where the program cannot start itself again it goes on, slower.
  }
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2000000000);
  mallopt(M_TOP_PAD, 256 << 20);
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace cgan
