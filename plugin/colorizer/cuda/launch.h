#pragma once

#include <cstdint>

#include "plugin/colorizer/pixel/host_device.h"

namespace cgan::cuda {

/// Samples that a kernel works on: one thread each. A kernel is a plain struct with extent() and
/// operator()(x, y), which does nothing beyond its extent: launches are whole blocks.
struct Extent {
  int64_t width, height;
};

/// What a device does in order. The lanes run side by side, but for what events between them say.
enum class Lane {
  kUpload,   ///< Frames that come in.
  kCompute,  ///< Kernels, and all that is said of no lane.
  kDownload  ///< Results.
};
constexpr int kLanes = 3;

/// Threads of a block. Neighbours in a row read neighbouring samples.
constexpr int kBlockWidth = 32, kBlockHeight = 8;

/// Of a kernel over a list: its threads lie in lines of a block's width.
constexpr Extent list_extent(int64_t count) {
  return {kBlockWidth, (count + kBlockWidth - 1) / kBlockWidth};
}
/// Place of such a thread, maybe beyond the list.
CGAN_HOST_DEVICE int64_t list_place(int64_t x, int64_t y) {
  return y * kBlockWidth + x;
}

struct LaunchShape {
  uint32_t blocks_across, blocks_down;
};

constexpr LaunchShape launch_shape(const Extent& extent) {
  return {static_cast<uint32_t>((extent.width + kBlockWidth - 1) / kBlockWidth),
          static_cast<uint32_t>((extent.height + kBlockHeight - 1) / kBlockHeight)};
}

}  // namespace cgan::cuda
