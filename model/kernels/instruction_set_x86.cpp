// The one place that asks an x86-64 processor what it has.

#include <cpuid.h>

#include "model/kernels/instruction_set.h"

namespace cgan {
namespace {

struct Features {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

/// Of leaf 7, zeros where the processor has no such subleaf.
Features extended_features(unsigned subleaf) {
  constexpr unsigned kLeaf = 7;
  Features first, features;
  if (__get_cpuid_count(kLeaf, 0, &first.eax, &first.ebx, &first.ecx, &first.edx) == 0 ||
      first.eax < subleaf)
    return {};
  __get_cpuid_count(kLeaf, subleaf, &features.eax, &features.ebx, &features.ecx, &features.edx);
  return features;
}

// Compilers' own names for these came late.
bool has_avx_vnni() {
  constexpr unsigned kAvxVnni = 1U << 4;
  return (extended_features(1).eax & kAvxVnni) != 0;
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

bool has_bfloat16() {
  constexpr unsigned kAvx512Bf16 = 1U << 5, kAmxBf16 = 1U << 22;
  return runs_here(InstructionSet::kAvx512) && ((extended_features(1).eax & kAvx512Bf16) != 0 ||
                                                (extended_features(0).edx & kAmxBf16) != 0);
}

}  // namespace cgan
