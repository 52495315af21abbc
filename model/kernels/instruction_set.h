#pragma once

namespace cgan {

/// What the kernels are compiled for, from the least to the most: each processor that has one has
/// those before it, but for kAvx512, whose processors have no kAvxVnni.
enum class InstructionSet {
  kBaseline,    ///< What every processor of the architecture has: SSE2 on x86-64.
  kAvx2,        ///< AVX2 and FMA.
  kAvxVnni,     ///< AVX2, FMA and AVX-VNNI.
  kAvx512,      ///< AVX-512 F, BW, DQ and VL.
  kAvx512Vnni,  ///< The same and AVX-512 VNNI.
};

/// "baseline", "avx2", "avx-vnni", "avx512" or "avx512-vnni".
const char* to_string(InstructionSet set);

/// Whether this processor, and the operating system on it, run code of the set.
bool runs_here(InstructionSet set);

/// The most that runs here; a lesser one that runs here where the environment variable
/// CGANCOLORIZE_INSTRUCTION_SET names it, for tests and measurements of the code of other
/// processors. Asked once.
InstructionSet best_instruction_set();

/// Whether this processor computes in bfloat16; without, LibTorch does so many times slower than in
/// float32.
bool has_bfloat16();

}  // namespace cgan
