#pragma once

// What all loops of loops.h share.

#include "model/kernels/kernels.h"

#define CGAN_INLINE inline __attribute__((always_inline))
// GCC copies arrays of vectors to memory unless loops over them are unrolled before.
#define CGAN_UNROLL _Pragma("GCC unroll 32")

namespace cgan {
namespace {

CGAN_INLINE int64_t smaller(int64_t a, int64_t b) {
  return a < b ? a : b;
}
CGAN_INLINE int64_t larger(int64_t a, int64_t b) {
  return a > b ? a : b;
}

template <typename Sample>
CGAN_INLINE const Sample* added_to(const AddedRun<Sample>& added, int64_t x) {
  return added.first + x / 2 * added.pair + x % 2 * added.pixel;
}

}  // namespace
}  // namespace cgan
