#pragma once

#include <cstdint>

#include "plugin/colorizer/cuda/launch.h"
#include "plugin/colorizer/pixel/detail.h"
#include "plugin/colorizer/pixel/motion.h"

/// MotionField as kernels, see launch.h: the same motion. Planes are (height, width), rows without
/// gaps; pointers are those of the device.
namespace cgan::cuda {

using pixel::clamped;
using pixel::Motion;
using pixel::MotionGrid;

/// Sums of luma along the columns of the squares of the local mean.
struct DetailSumsKernel {
  const float* luma;
  int64_t width, height;
  float* sums;  ///< (height, width), written

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE float at(int64_t x, int64_t y) const {
    return luma[clamped(y, height - 1) * width + x];
  }
  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    static_assert(pixel::kDetailRadius == 4, "the sums are written out");
    sums[y * width + x] =
        pixel::sum_of_nine(at(x, y - 4), at(x, y - 3), at(x, y - 2), at(x, y - 1), at(x, y),
                           at(x, y + 1), at(x, y + 2), at(x, y + 3), at(x, y + 4));
  }
};

/// Codes of the detail; the margin repeats the border.
struct DetailKernel {
  MotionGrid grid;
  const float *luma, *sums;
  uint8_t* codes;  ///< (height, width) with margins, written

  Extent extent() const { return {grid.stride(), grid.height + 2 * pixel::kMargin}; }

  CGAN_HOST_DEVICE void operator()(int64_t column, int64_t line) const {
    if (column >= grid.stride() || line >= grid.height + 2 * pixel::kMargin) return;
    const int64_t x = clamped(column - pixel::kMargin, grid.width - 1);
    const int64_t y = clamped(line - pixel::kMargin, grid.height - 1);
    const float* const row = sums + y * grid.width;
    const auto at = [&](int64_t i) { return row[clamped(i, grid.width - 1)]; };
    const float sum = pixel::sum_of_nine(at(x - 4), at(x - 3), at(x - 2), at(x - 1), at(x),
                                         at(x + 1), at(x + 2), at(x + 3), at(x + 4));
    codes[line * grid.stride() + column] =
        static_cast<uint8_t>(pixel::detail_code(luma[y * grid.width + x], sum));
  }
};

/// Motions along an axis, and both ways.
constexpr int64_t kPlaces = 2 * pixel::kRange + 1, kMotions = kPlaces * kPlaces;

/// What each motion of each block costs.
struct MotionCostKernel {
  MotionGrid grid;
  const uint8_t *present, *reference;
  int32_t* costs;  ///< (blocks, kMotions), written

  Extent extent() const { return {kMotions, grid.across * grid.down}; }

  CGAN_HOST_DEVICE void operator()(int64_t place, int64_t block) const {
    if (place >= kMotions || block >= grid.across * grid.down) return;
    const int64_t x = place % kPlaces - pixel::kRange, y = place / kPlaces - pixel::kRange;
    const int64_t at = grid.window(block % grid.across, block / grid.across);
    const auto length = static_cast<int>((x < 0 ? -x : x) + (y < 0 ? -y : y));
    costs[block * kMotions + place] =
        pixel::window_difference(present + at, reference + at + y * grid.stride() + x,
                                 grid.stride()) +
        pixel::kLengthCost * length;
  }
};

/// The motion of each block that costs least, the first of equals; standing still is preferred.
struct SearchKernel {
  MotionGrid grid;
  const int32_t* costs;
  const float* noise;  ///< One number.
  Motion* blocks;      ///< (down, across), written

  Extent extent() const { return {grid.across, grid.down}; }

  CGAN_HOST_DEVICE void operator()(int64_t column, int64_t row) const {
    if (column >= grid.across || row >= grid.down) return;
    const int32_t* const costs_of_block = costs + (row * grid.across + column) * kMotions;
    const int standing = costs_of_block[kMotions / 2];
    int least = standing;
    int64_t best = kMotions / 2;
    if (standing > pixel::still_difference(*noise)) {
      for (int64_t i = 0; i < kMotions; ++i) {
        if (costs_of_block[i] >= least) continue;
        least = costs_of_block[i];
        best = i;
      }
      if (pixel::stands(standing, least)) best = kMotions / 2;
    }
    Motion& motion = blocks[row * grid.across + column];
    motion.x = static_cast<int16_t>(best % kPlaces - pixel::kRange);
    motion.y = static_cast<int16_t>(best / kPlaces - pixel::kRange);
  }
};

struct AgreeKernel {
  MotionGrid grid;
  const uint8_t *present, *reference;
  const Motion* blocks;
  Motion* smoothed;  ///< (down, across), written

  Extent extent() const { return {grid.across, grid.down}; }

  CGAN_HOST_DEVICE void operator()(int64_t column, int64_t row) const {
    if (column >= grid.across || row >= grid.down) return;
    Motion around[pixel::kAround];
    for (int i = 0; i < pixel::kAround; ++i)
      around[i] = grid.block(blocks, column + i % 3 - 1, row + i / 3 - 1);
    const int64_t at = grid.window(column, row);
    smoothed[row * grid.across + column] = pixel::agreed_motion(around, [&](Motion motion) {
      return pixel::window_difference(present + at, reference + at + grid.along(motion),
                                      grid.stride());
    });
  }
};

struct CellKernel {
  MotionGrid grid;
  const uint8_t *present, *reference;
  const Motion* blocks;
  Motion* cells;  ///< (2 down, 2 across), written

  Extent extent() const { return {2 * grid.across, 2 * grid.down}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= 2 * grid.across || y >= 2 * grid.down) return;
    cells[y * 2 * grid.across + x] =
        pixel::cell_motion(grid, blocks, x / 2, y / 2, 2 * (y % 2) + x % 2, present, reference,
                           [](const uint8_t* a, const uint8_t* b, int64_t stride) {
                             return pixel::cell_difference(a, b, stride);
                           });
  }
};

struct FitKernel {
  MotionGrid grid;
  const uint8_t *present, *reference;
  const Motion* blocks;
  pixel::Fit* fits;  ///< (down, across), written

  Extent extent() const { return {grid.across, grid.down}; }

  CGAN_HOST_DEVICE void operator()(int64_t column, int64_t row) const {
    if (column >= grid.across || row >= grid.down) return;
    const int64_t block = row * grid.across + column;
    const uint8_t* const window = present + grid.window(column, row);
    const uint8_t* const found = reference + grid.window(column, row) + grid.along(blocks[block]);
    fits[block] = pixel::fit_of(pixel::window_difference(window, found, grid.stride()),
                                pixel::flat_difference(window, grid.stride()),
                                pixel::flat_difference(found, grid.stride()));
  }
};

/// Brings planes along the motion of the cells; what came from outside the picture is its border.
struct CompensateKernel {
  const Motion* cells;
  int64_t cells_across;
  const float* planes;
  int64_t width, height, count;
  float* compensated;  ///< (count, height, width), written

  Extent extent() const { return {width, height * count}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t line) const {
    if (x >= width || line >= height * count) return;
    const int64_t y = line % height;
    const Motion motion = cells[y / pixel::kCell * cells_across + x / pixel::kCell];
    compensated[line * width + x] = planes[(line - y + clamped(y + motion.y, height - 1)) * width +
                                           clamped(x + motion.x, width - 1)];
  }
};

}  // namespace cgan::cuda
