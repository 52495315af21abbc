#include "model/kernels/vectors_avx512.h"

namespace cgan {
namespace {

struct Avx512Vnni : Avx512 {
  static constexpr int64_t kLargestWeight = 127;

  // As instructions: with gcc 12's intrinsics every sum is copied before and after.
  static CGAN_INLINE void dot_bytes(Ints& sums, Ints bytes, Ints weights) {
    asm("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(bytes), "v"(weights));
  }
  static CGAN_INLINE void dot_words(Ints& sums, Ints words, Ints weights) {
    asm("vpdpwssd %2, %1, %0" : "+v"(sums) : "v"(words), "vm"(weights));
  }
};

}  // namespace

extern const Kernels kAvx512VnniKernels;
const Kernels kAvx512VnniKernels = table_of<Avx512Vnni>(InstructionSet::kAvx512Vnni);

}  // namespace cgan
