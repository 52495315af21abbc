#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/rand.h>

#include <vector>

namespace cgan {

/// -1..1, of a seed the same numbers.
inline at::Tensor uniform(const std::vector<int64_t>& sizes, uint64_t seed) {
  return at::rand(sizes, at::detail::createCPUGenerator(seed)) * 2 - 1;
}

}  // namespace cgan
