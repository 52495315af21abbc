#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/quantize_per_tensor.h>
#include <ATen/ops/rand.h>

#include <vector>

#include "model/inference/int8/quantized_convolution.h"

namespace cgan {

/// -1..1, of a seed the same numbers.
inline at::Tensor uniform(const std::vector<int64_t>& sizes, uint64_t seed) {
  return at::rand(sizes, at::detail::createCPUGenerator(seed)) * 2 - 1;
}

/// Bytes of uniform numbers over the range, channels_last.
inline at::Tensor uniform_bytes(const std::vector<int64_t>& sizes, uint64_t seed,
                                const ActivationRange& range) {
  const Rounding rounding(range);
  const auto numbers = range.low + (range.high - range.low) * (0.5 + 0.5 * uniform(sizes, seed));
  return at::quantize_per_tensor(numbers.contiguous(c10::MemoryFormat::ChannelsLast),
                                 rounding.scale, rounding.zero, c10::kQUInt8);
}

}  // namespace cgan
