#pragma once

namespace cgan {

/// Prepares the process for training on the CPU; call it first in main, before any thread exists.
/// - The C library keeps freed memory instead of handing it back to the system: LibTorch's CPU
///   allocator has no cache of its own, and the tensors of a step would be page-faulted in anew
///   every time.
/// - GLIBC_TUNABLES=glibc.malloc.hugetlb=1: huge pages where the system grants them on request.
/// - OPENBLAS_NUM_THREADS=1: the trainer's workers are the parallelism, and a BLAS with threads of
///   its own would fight them.
/// - OPENBLAS_CORETYPE: OpenBLAS falls back to SSE kernels on a processor younger than itself
///   (0.3.21 of Debian 12 on Sapphire Rapids: matrix products at a quarter of the speed), so the
///   kernels are chosen by what the processor says it can do.
/// The environment is read at program start only, so the program starts itself once more with it.
/// Variables that are set already are left alone. Nothing is done where `--device` of the command
/// line names a CUDA device.
void prepare_process(char** argv);

}  // namespace cgan
