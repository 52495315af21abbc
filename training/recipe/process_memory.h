#pragma once

namespace cgan {

/// Makes the C library keep freed memory instead of handing it back to the system: LibTorch's CPU
/// allocator has no cache of its own, and tensors of a training step would be page-faulted in anew
/// every time. glibc reads part of this from the environment at start only, so the program starts
/// itself once more with GLIBC_TUNABLES (huge pages) and OPENBLAS_NUM_THREADS=1 set, unless they
/// are set already. Call it first in main, before any thread exists.
void prepare_memory(char** argv);

}  // namespace cgan
