#pragma once

#include <cstdint>

namespace cgan::cuda {

/// Samples that a kernel works on: one thread each. A kernel is a plain struct with extent() and
/// operator()(x, y), which does nothing beyond its extent: launches are whole blocks.
struct Extent {
  int64_t width, height;
};

/// Threads of a block. Neighbours in a row read neighbouring samples.
constexpr int kBlockWidth = 32, kBlockHeight = 8;

struct LaunchShape {
  uint32_t blocks_across, blocks_down;
};

constexpr LaunchShape launch_shape(const Extent& extent) {
  return {static_cast<uint32_t>((extent.width + kBlockWidth - 1) / kBlockWidth),
          static_cast<uint32_t>((extent.height + kBlockHeight - 1) / kBlockHeight)};
}

}  // namespace cgan::cuda
