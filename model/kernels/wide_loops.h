#pragma once

/// Before a function of plain loops: compiled for wide registers, too, and chosen by the processor.
/// gcc makes vectors only of loops without branches and, with many pointers, only by __restrict.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CGAN_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CGAN_WIDE
#endif

/// Before a function that works in vectors: it must become part of the one that is compiled for the
/// processor, by itself it would be compiled for the oldest.
#define CGAN_INLINE inline __attribute__((always_inline))
