#include "model/kernels/vectors_avx2.h"

namespace cgan {
namespace {

struct AvxVnni : Avx2 {
  static constexpr int kBytePixels[] = {10, 6};
  static constexpr int64_t kLargestWeight = 127;

  // As instructions: with gcc 12's intrinsics every sum is copied before and after.
  static CGAN_INLINE void dot_bytes(Ints& sums, Ints bytes, Ints weights) {
    asm("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sums) : "x"(bytes), "x"(weights));
  }
  static CGAN_INLINE void dot_words(Ints& sums, Ints words, Ints weights) {
    asm("%{vex%} vpdpwssd %2, %1, %0" : "+x"(sums) : "x"(words), "xm"(weights));
  }
};

}  // namespace

extern const Kernels kAvxVnniKernels;
const Kernels kAvxVnniKernels = table_of<AvxVnni>(InstructionSet::kAvxVnni);

}  // namespace cgan
