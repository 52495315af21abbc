// The one place that asks an x86-64 processor what it has.

#include <cpuid.h>

#include "model/kernels/instruction_set.h"

namespace cgan {
namespace {

bool has_avx_vnni() {
  // Leaf 7, subleaf 1; compilers' own names for it came late.
  constexpr unsigned kLeaf = 7, kSubleaf = 1, kAvxVnni = 1U << 4;
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(kLeaf, 0, &eax, &ebx, &ecx, &edx) != 0 && eax >= kSubleaf &&
         __get_cpuid_count(kLeaf, kSubleaf, &eax, &ebx, &ecx, &edx) != 0 && (eax & kAvxVnni) != 0;
}

}  // namespace

bool runs_here(InstructionSet set) {
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = has_avx2 && __builtin_cpu_supports("avx512f") &&
                          __builtin_cpu_supports("avx512bw") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  switch (set) {
    case InstructionSet::kBaseline:
      return true;
    case InstructionSet::kAvx2:
      return has_avx2;
    case InstructionSet::kAvxVnni:
      return has_avx2 && has_avx_vnni();
    case InstructionSet::kAvx512:
      return has_avx512;
    case InstructionSet::kAvx512Vnni:
      return has_avx512 && __builtin_cpu_supports("avx512vnni");
  }
  return false;
}

}  // namespace cgan
