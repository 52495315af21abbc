#include "model/kernels/instruction_set.h"

#include <cstdlib>
#include <cstring>

namespace cgan {
namespace {

constexpr InstructionSet kFromTheMost[] = {InstructionSet::kAvx512Vnni, InstructionSet::kAvx512,
                                           InstructionSet::kAvxVnni, InstructionSet::kAvx2,
                                           InstructionSet::kBaseline};

InstructionSet find_best() {
  const char* const named = std::getenv("CGANCOLORIZE_INSTRUCTION_SET");
  for (const auto set : kFromTheMost)
    if (named != nullptr && std::strcmp(named, to_string(set)) == 0 && runs_here(set)) return set;
  for (const auto set : kFromTheMost)
    if (runs_here(set)) return set;
  return InstructionSet::kBaseline;
}

}  // namespace

const char* to_string(InstructionSet set) {
  switch (set) {
    case InstructionSet::kBaseline:
      return "baseline";
    case InstructionSet::kAvx2:
      return "avx2";
    case InstructionSet::kAvxVnni:
      return "avx-vnni";
    case InstructionSet::kAvx512:
      return "avx512";
    case InstructionSet::kAvx512Vnni:
      return "avx512-vnni";
  }
  return "";
}

InstructionSet best_instruction_set() {
  static const InstructionSet best = find_best();
  return best;
}

}  // namespace cgan
