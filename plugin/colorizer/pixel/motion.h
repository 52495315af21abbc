#pragma once

#include <cstdint>
#include <cstdlib>

#include "plugin/colorizer/pixel/detail.h"
#include "plugin/colorizer/pixel/numbers.h"

/// What finds the motion of a block of pixels; see MotionField. Pictures are codes of detail.h with
/// a margin all around.
namespace cgan::pixel {

/// A pixel (i, j) of a picture was at (i + x, j + y) of the one before.
struct Motion {
  int16_t x = 0, y = 0;
};
CGAN_HOST_DEVICE bool operator==(Motion a, Motion b) {
  return a.x == b.x && a.y == b.y;
}
CGAN_HOST_DEVICE bool operator!=(Motion a, Motion b) {
  return !(a == b);
}
CGAN_HOST_DEVICE int distance(Motion a, Motion b) {
  return abs(a.x - b.x) + abs(a.y - b.y);
}

/// How a block fits; numbers of luma -1..1, means over its window.
struct Fit {
  float residual = 0.0f;          ///< Mean |detail - detail of the reference|.
  float detail = 0.0f;            ///< Mean |detail|.
  float reference_detail = 0.0f;  ///< Mean |detail| of the reference, where it fits.
};

constexpr int64_t kBlock = 8;    ///< Side, pixels: windows lie so far apart.
constexpr int64_t kWindow = 16;  ///< Side of the window of a block that is compared.
constexpr int64_t kCell = 4;     ///< Side of a quarter of a block, pixels.
constexpr int64_t kRange = 7;    ///< Longest motion along an axis.
constexpr int kLengthCost = 1;   ///< Per pixel of motion: of equals the shorter one.
/// Standing still may be worse by this and a quarter.
constexpr int kStandingMargin = 64;

// A window of a block begins half a block before it; the last block may reach over the border.
constexpr int64_t kOverlap = kBlock / 2;
constexpr int64_t kMargin = 24;
static_assert(kWindow == 2 * kBlock && kWindow == 4 * kCell);
static_assert(kMargin >= kOverlap + kRange + kBlock, "windows fit in");
// Sum of codes over a window, of which every other row counts -> mean in luma.
constexpr float kWindowMean = 2.0f / (kWindow * kWindow * kCodesPerUnit);
// A window's sum of differences that grain makes hardly exceeds this multiple of the mean.
constexpr float kStillNoise = 1.15f;

// In sums of codes over a window.
constexpr int kDisagreeCost = 2;  // per neighbour and pixel of difference, and more:
constexpr int kGrainShare = 128;  // so much of what the block's own motion leaves
constexpr int kFarthestNeighbour = 8;
constexpr int kForeignCost = 16;  // for a cell that leaves its block's motion

/// Where the codes and the blocks of a picture lie.
struct MotionGrid {
  int64_t width, height;  ///< Pixels.
  int64_t across, down;   ///< Blocks; there are twice as many cells each way.

  /// Of a row of codes, margins included.
  CGAN_HOST_DEVICE int64_t stride() const { return width + 2 * kMargin; }
  /// Of a picture, margins included.
  CGAN_HOST_DEVICE int64_t codes() const { return stride() * (height + 2 * kMargin); }
  CGAN_HOST_DEVICE int64_t offset(int64_t x, int64_t y) const {
    return (y + kMargin) * stride() + x + kMargin;
  }
  /// First code of the window of a block.
  CGAN_HOST_DEVICE int64_t window(int64_t column, int64_t row) const {
    return offset(column * kBlock - kOverlap, row * kBlock - kOverlap);
  }
  CGAN_HOST_DEVICE int64_t along(Motion motion) const { return motion.y * stride() + motion.x; }
  CGAN_HOST_DEVICE Motion block(const Motion* blocks, int64_t column, int64_t row) const {
    return blocks[clamped(row, down - 1) * across + clamped(column, across - 1)];
  }
};
constexpr MotionGrid motion_grid(int64_t width, int64_t height) {
  return {width, height, (width + kBlock - 1) / kBlock, (height + kBlock - 1) / kBlock};
}

/// Of two windows, every fourth row. As plain as this the compiler makes one instruction of sixteen
/// differences (psadbw).
CGAN_HOST_DEVICE int half_difference(const uint8_t* __restrict a, const uint8_t* __restrict b,
                                     int64_t stride) {
  int sum = 0;
  for (int64_t row = 0; row < kWindow; row += 4, a += 4 * stride, b += 4 * stride) {
    for (int i = 0; i < kWindow; ++i) sum += abs(a[i] - b[i]);
  }
  return sum;
}
/// Sum of differences of two windows of a block, of every other row.
CGAN_HOST_DEVICE int window_difference(const uint8_t* a, const uint8_t* b, int64_t stride) {
  return half_difference(a, b, stride) + half_difference(a + 2 * stride, b + 2 * stride, stride);
}
/// Of two windows of half the side, of all rows.
CGAN_HOST_DEVICE int cell_difference(const uint8_t* a, const uint8_t* b, int64_t stride) {
  int sum = 0;
  for (int64_t row = 0; row < kWindow / 2; ++row, a += stride, b += stride) {
    for (int i = 0; i < kWindow / 2; ++i) sum += abs(a[i] - b[i]);
  }
  return sum;
}
/// Of the window of a block and no detail.
CGAN_HOST_DEVICE int flat_difference(const uint8_t* codes, int64_t stride) {
  int sum = 0;
  for (int64_t row = 0; row < kWindow; row += 2, codes += 2 * stride) {
    for (int i = 0; i < kWindow; ++i) sum += abs(codes[i] - kNoDetail);
  }
  return sum;
}

/// @param residual, detail, reference_detail differences of the block's window: from that which
///   fits, and of both from no detail
CGAN_HOST_DEVICE Fit fit_of(int residual, int detail, int reference_detail) {
  return {kWindowMean * static_cast<float>(residual), kWindowMean * static_cast<float>(detail),
          kWindowMean * static_cast<float>(reference_detail)};
}

/// Sum of differences of a window up to which it stands still.
/// @param noise mean difference that grain alone makes, luma
CGAN_HOST_DEVICE int still_difference(float noise) {
  const int grain = static_cast<int>(kStillNoise * noise / kWindowMean);
  return grain > kStandingMargin ? grain : kStandingMargin;
}
/// @param standing difference of the window where nothing moved
/// @param least cost of the motion found, that of its length included
CGAN_HOST_DEVICE bool stands(int standing, int least) {
  return standing <= least + least / 4 + kStandingMargin;
}

constexpr int kAround = 9, kCentre = 4;

CGAN_HOST_DEVICE int16_t median_of_nine(int16_t* values) {
  for (int i = 1; i < kAround; ++i) {
    const int16_t value = values[i];
    int at = i;
    for (; at > 0 && values[at - 1] > value; --at) values[at] = values[at - 1];
    values[at] = value;
  }
  return values[kCentre];
}

/// The motion among the block's own, its neighbours', their median and none that fits both the
/// picture and the neighbours.
/// @param around of three by three blocks, row by row
/// @param difference_at (Motion), of the block's windows
template <typename Difference>
CGAN_HOST_DEVICE Motion agreed_motion(const Motion* around, const Difference& difference_at) {
  const Motion own = around[kCentre];
  int16_t xs[kAround], ys[kAround];
  bool agree = true;
  for (int i = 0; i < kAround; ++i) {
    agree = agree && around[i] == own;
    xs[i] = around[i].x;
    ys[i] = around[i].y;
  }
  if (agree) return own;
  // Where grain is all that differs, the best fit is chance: neighbours count for more.
  const int disagree = kDisagreeCost + difference_at(own) / kGrainShare;
  const auto cost_of = [&](Motion motion) {
    int cost = difference_at(motion);
    for (int i = 0; i < kAround; ++i) {
      const int apart = distance(motion, around[i]);
      if (i != kCentre)
        cost += disagree * (apart < kFarthestNeighbour ? apart : kFarthestNeighbour);
    }
    return cost + kLengthCost * distance(motion, Motion{});
  };
  Motion best = own, median;
  median.x = median_of_nine(xs);
  median.y = median_of_nine(ys);
  int least = cost_of(own);
  for (int i = 0; i < kAround + 2; ++i) {
    const Motion candidate = i < kAround ? around[i] : i == kAround ? median : Motion{};
    if (candidate == best) continue;
    const int cost = cost_of(candidate);
    if (cost < least) {
      least = cost;
      best = candidate;
    }
  }
  return best;
}

/// The motion of a quarter of a block: the block's, or one of a block beside it.
/// @param quarter 0: the upper left .. 3: the lower right
/// @param present, reference codes of the pictures
/// @param cell_difference as above
template <typename Difference>
CGAN_HOST_DEVICE Motion cell_motion(const MotionGrid& grid, const Motion* blocks, int64_t column,
                                    int64_t row, int64_t quarter, const uint8_t* present,
                                    const uint8_t* reference, const Difference& cell_difference) {
  const int64_t right = quarter % 2, below = quarter / 2, stride = grid.stride();
  const int64_t at = grid.offset(column * kBlock + right * kCell - kCell / 2,
                                 row * kBlock + below * kCell - kCell / 2);
  const int64_t beside = column + 2 * right - 1, beyond = row + 2 * below - 1;
  const Motion own = grid.block(blocks, column, row);
  Motion best = own;
  int least = -1;
  for (int i = 1; i < 4; ++i) {
    const Motion candidate =
        grid.block(blocks, i % 2 == 1 ? beside : column, i / 2 == 1 ? beyond : row);
    if (candidate == best) continue;
    if (least < 0) least = cell_difference(present + at, reference + at + grid.along(own), stride);
    const int cost = cell_difference(present + at, reference + at + grid.along(candidate), stride) +
                     kForeignCost;
    if (cost < least) {
      least = cost;
      best = candidate;
    }
  }
  return best;
}

}  // namespace cgan::pixel
