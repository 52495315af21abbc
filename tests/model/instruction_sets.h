#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "model/kernels/kernels.h"

namespace cgan::test {

/// For tests of code that is compiled for every instruction set: those that do not run here skip
/// themselves.
class EveryInstructionSet : public ::testing::TestWithParam<InstructionSet> {
 protected:
  void SetUp() override {
    if (!runs_here(GetParam())) GTEST_SKIP() << "this processor has no " << to_string(GetParam());
  }
  const Kernels& kernels() const { return kernels_of(GetParam()); }
};

inline std::string name_of_set(const ::testing::TestParamInfo<InstructionSet>& info) {
  std::string name = to_string(info.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

inline auto every_instruction_set() {
  return ::testing::Values(InstructionSet::kBaseline, InstructionSet::kAvx2,
                           InstructionSet::kAvxVnni, InstructionSet::kAvx512,
                           InstructionSet::kAvx512Vnni);
}

}  // namespace cgan::test
