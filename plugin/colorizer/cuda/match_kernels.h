#pragma once

#include <cstdint>

#include "plugin/colorizer/cuda/launch.h"
#include "plugin/colorizer/pixel/exposure.h"
#include "plugin/colorizer/pixel/match.h"

/// ExposureFit, PictureDifference and LumaMatch as kernels, see launch.h: the same bits. Planes are
/// (height, width), rows without gaps; pointers are those of the device.
namespace cgan::cuda {

using pixel::clamped;

/// A picture and its blocks.
struct BlockGrid {
  int64_t width, height, across, down;

  CGAN_HOST_DEVICE int64_t right_of(int64_t column) const {
    return clamped((column + 1) * pixel::kBlock, width);
  }
  CGAN_HOST_DEVICE int64_t bottom_of(int64_t row) const {
    return clamped((row + 1) * pixel::kBlock, height);
  }
  CGAN_HOST_DEVICE int64_t blocks() const { return across * down; }
};

/// Means of blocks of a plane.
struct BlockMeansKernel {
  BlockGrid grid;
  const float* plane;
  float* means;  ///< (down, across), written

  Extent extent() const { return {grid.across, grid.down}; }

  CGAN_HOST_DEVICE void operator()(int64_t column, int64_t row) const {
    if (column >= grid.across || row >= grid.down) return;
    const int64_t left = column * pixel::kBlock, right = grid.right_of(column);
    const int64_t top = row * pixel::kBlock, bottom = grid.bottom_of(row);
    float sum = 0.0f;
    for (int64_t y = top; y < bottom; ++y) {
      for (int64_t x = left; x < right; ++x) sum += plane[y * grid.width + x];
    }
    means[row * grid.across + column] = sum / static_cast<float>((bottom - top) * (right - left));
  }
};

/// The number of a rank, 0 the smallest: that before which so many others would be sorted.
struct RankKernel {
  const float* values;
  int64_t count, rank;
  float* found;  ///< One number, written.

  Extent extent() const { return list_extent(count); }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    const int64_t at = list_place(x, y);
    if (at >= count) return;
    const float own = values[at];
    int64_t before = 0;
    for (int64_t i = 0; i < count; ++i)
      before += values[i] < own || (values[i] == own && i < at) ? 1 : 0;
    if (before == rank) *found = own;
  }
};

/// How far blocks are from their exposure; less the reference alone where there is none so far.
struct ExposureDistanceKernel {
  const float *reference, *means;
  const pixel::Exposure* exposure;  ///< Null: none so far.
  int64_t blocks;
  float* distances;  ///< (blocks), written

  Extent extent() const { return list_extent(blocks); }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    const int64_t at = list_place(x, y);
    if (at >= blocks) return;
    distances[at] = exposure == nullptr
                        ? means[at] - reference[at]
                        : pixel::exposure_distance(*exposure, reference[at], means[at]);
  }
};

/// The exposure that is assumed first.
struct BeginExposureKernel {
  const float* median;
  pixel::Exposure* exposure;  ///< Written.

  Extent extent() const { return list_extent(1); }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (list_place(x, y) > 0) return;
    exposure->gain = 1.0f;
    exposure->offset = *median;
  }
};

/// One row of blocks each.
struct ExposureRowsKernel {
  BlockGrid grid;
  const float *reference, *means, *median;
  const pixel::Exposure* exposure;
  pixel::ExposureSums* rows;  ///< (down), written

  Extent extent() const { return list_extent(grid.down); }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    const int64_t row = list_place(x, y);
    if (row >= grid.down) return;
    pixel::ExposureSums sums;
    for (int64_t i = row * grid.across; i < (row + 1) * grid.across; ++i)
      pixel::add_block(sums, *exposure, *median, reference[i], means[i]);
    rows[row] = sums;
  }
};

struct SolveExposureKernel {
  const pixel::ExposureSums* rows;
  int64_t down;
  pixel::Exposure* exposure;  ///< Written.

  Extent extent() const { return list_extent(1); }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (list_place(x, y) > 0) return;
    pixel::ExposureSums sums;
    for (int64_t i = 0; i < down; ++i) pixel::add(sums, rows[i]);
    *exposure = pixel::solved(sums);
  }
};

/// One row of blocks each.
struct DifferenceRowsKernel {
  BlockGrid grid;
  const pixel::Fit* fits;
  const float *reference, *means;
  pixel::DifferenceSums* rows;  ///< (down), written

  Extent extent() const { return list_extent(grid.down); }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    const int64_t row = list_place(x, y);
    if (row >= grid.down) return;
    pixel::DifferenceSums sums;
    for (int64_t i = row * grid.across; i < (row + 1) * grid.across; ++i)
      pixel::add_block(sums, fits[i], reference[i], means[i]);
    rows[row] = sums;
  }
};

struct ExposeKernel {
  const pixel::Exposure* exposure;
  int64_t width, height;
  float* luma;  ///< Brought up to date.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    float& own = luma[y * width + x];
    own = pixel::exposed(own, exposure->gain, exposure->offset);
  }
};

/// What speaks of grain in each block.
struct BlockNoiseKernel {
  BlockGrid grid;
  const float *compensated, *luma;
  float *differences, *roughness;  ///< (down, across), written

  Extent extent() const { return {grid.across, grid.down}; }

  CGAN_HOST_DEVICE void operator()(int64_t column, int64_t row) const {
    if (column >= grid.across || row >= grid.down) return;
    const pixel::BlockNoise noise =
        pixel::block_noise(luma, compensated, grid.width, grid.height, column * pixel::kBlock,
                           grid.right_of(column), row * pixel::kBlock, grid.bottom_of(row));
    differences[row * grid.across + column] = noise.difference;
    roughness[row * grid.across + column] = noise.roughness;
  }
};

struct NoiseKernel {
  const float *difference, *roughness;  ///< One number each.
  float* noise;                         ///< One number, brought up to date.

  Extent extent() const { return list_extent(1); }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (list_place(x, y) > 0) return;
    *noise = pixel::next_noise(*noise, *difference, *roughness);
  }
};

struct ExcessKernel {
  const float *luma, *compensated;
  int64_t width, height;
  float* planes;  ///< (2, height, width), written: excess and level

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE float at(int64_t x, int64_t y) const {
    return luma[clamped(y, height - 1) * width + clamped(x, width - 1)];
  }
  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    const int64_t i = y * width + x;
    const float level = luma[i] - compensated[i];
    planes[i] = pixel::luma_excess(level, at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1));
    planes[height * width + i] = level;
  }
};

/// Sums of windows along the rows.
struct WindowSumsKernel {
  const float* in;
  int64_t width, lines;
  float* sums;  ///< (lines, width), written

  Extent extent() const { return {width, lines}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= lines) return;
    const float* const row = in + y * width;
    const auto at = [&](int64_t i) { return row[clamped(i, width - 1)]; };
    sums[y * width + x] = pixel::sum_of_five(at(x - 2), at(x - 1), at(x), at(x + 1), at(x + 2));
  }
};

struct ConfidenceKernel {
  const float* sums;  ///< (2, height, width)
  const float* noise;
  int64_t width, height;
  float *confidence, *level;  ///< (height, width), written

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE float window(const float* plane, int64_t x, int64_t y) const {
    const auto at = [&](int64_t line) { return plane[clamped(line, height - 1) * width + x]; };
    return pixel::sum_of_five(at(y - 2), at(y - 1), at(y), at(y + 1), at(y + 2));
  }
  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    confidence[y * width + x] =
        pixel::match_confidence(window(sums, x, y), pixel::match_scale(*noise));
    level[y * width + x] = pixel::match_level(window(sums + height * width, x, y));
  }
};

}  // namespace cgan::cuda
