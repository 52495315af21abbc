#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "model/inference/feature_map.h"

/// How convolutions are cut into pieces of work: panels of outputs times bands of rows.
namespace cgan {

constexpr int64_t kLargestTaps = 9;

/// From a pixel to those around it that a kernel of 1x1 or 3x3 weighs.
/// @param side 1 or 3
inline std::array<int64_t, kLargestTaps> tap_offsets(int64_t side, int64_t pitch,
                                                     int64_t channels) {
  std::array<int64_t, kLargestTaps> offsets = {};
  for (int64_t tap = 0; tap < side * side; ++tap)
    offsets[static_cast<size_t>(tap)] =
        (tap / side - side / 2) * pitch + (tap % side - side / 2) * channels;
  return offsets;
}

/// Runs of pixels of a layer, in their order.
struct Runs {
  /// @param is_flat whether the pixels of all rows lie one after the other, in all maps
  Runs(int64_t height, int64_t width, bool is_flat) : pixels(height * width), length(width) {
    // So many that their inputs stay in the first cache for all panels, an even number.
    constexpr int64_t kFlat = 96;
    if (is_flat) length = std::min(kFlat, pixels);
  }
  int64_t count() const { return (pixels + length - 1) / length; }
  int64_t length_of(int64_t run) const { return std::min(length, pixels - run * length); }

  int64_t pixels, length;
};

/// Calls work(panel, run) for all panels of all runs, several runs of one panel in a thread one
/// after the other: their weights stay near.
/// @param cost multiplications of one run of one panel
/// @param grain multiplications that are worth handing over
template <typename Work>
void for_panels(WorkerPool& pool, int64_t panels, int64_t runs, int64_t cost, int64_t grain,
                const Work& work) {
  const int64_t at_once = std::clamp<int64_t>(grain / std::max<int64_t>(cost, 1), 1, runs);
  const int64_t bands = (runs + at_once - 1) / at_once;
  pool.for_each(bands * panels, [&](int64_t item, int) {
    const int64_t first = item / panels * at_once;
    for (int64_t run = first; run < std::min(first + at_once, runs); ++run)
      work(item % panels, run);
  });
}

}  // namespace cgan
