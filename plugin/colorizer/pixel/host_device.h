#pragma once

/// Before a function that computes one sample and is part of every backend's loop over samples: for
/// processors it must become part of the loop, which else is no loop of vectors.
#ifdef __CUDACC__
#define CGAN_HOST_DEVICE __host__ __device__ __forceinline__
#else
#define CGAN_HOST_DEVICE inline __attribute__((always_inline))
#endif
