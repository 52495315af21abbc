#include "plugin/colorizer/cpu/motion.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "plugin/colorizer/pixel/detail.h"

namespace cgan {
namespace {

using Vector = MotionField::Vector;

// A window of a block begins half a block before it; the last block may reach over the border.
constexpr int64_t kWindow = BlockRow::kWindow;
static_assert(kWindow == 2 * MotionField::kBlock && kWindow == 4 * MotionField::kCell);
constexpr int64_t kOverlap = MotionField::kBlock / 2;
constexpr int64_t kMargin = 24;
static_assert(kMargin >= kOverlap + MotionField::kRange + MotionField::kBlock, "windows fit in");
// Sum of codes over a window, of which every other row counts -> mean in luma.
constexpr float kMean = 2.0f / (kWindow * kWindow * pixel::kCodesPerUnit);
// A window's sum of differences that grain makes hardly exceeds this multiple of the mean.
constexpr float kStillNoise = 1.15f;

// In sums of codes over a window.
constexpr int kDisagreeCost = 2;  // per neighbour and pixel of difference, and more:
constexpr int kGrainShare = 128;  // so much of what the block's own motion leaves
constexpr int kFarthestNeighbour = 8;
constexpr int kForeignCost = 16;  // for a cell that leaves its block's motion

int distance(Vector a, Vector b) {
  return std::abs(a.x - b.x) + std::abs(a.y - b.y);
}

}  // namespace

MotionField::MotionField(int64_t width, int64_t height, const RowLoops& loops)
    : loops_(loops),
      width_(width),
      height_(height),
      stride_(width + 2 * kMargin),
      across_((width + kBlock - 1) / kBlock),
      down_((height + kBlock - 1) / kBlock),
      cells_across_(2 * across_),
      reference_(stride_ * (height + 2 * kMargin)),
      present_(reference_.size()),
      sums_(width + 2 * kDetailRadius),
      blocks_(across_ * down_),
      smoothed_(blocks_.size()),
      cells_(4 * blocks_.size()),
      fits_(blocks_.size()) {}

int64_t MotionField::offset(int64_t x, int64_t y) const {
  return (y + kMargin) * stride_ + x + kMargin;
}

void MotionField::find_detail(const float* luma, std::vector<uint8_t>& detail) {
  constexpr int64_t kSide = 2 * kDetailRadius + 1;
  for (int64_t y = 0; y < height_; ++y) {
    const float* rows[kSide];
    for (int64_t i = 0; i < kSide; ++i) {
      rows[i] = luma + std::clamp<int64_t>(y + i - kDetailRadius, 0, height_ - 1) * width_;
    }
    uint8_t* const codes = detail.data() + offset(0, y);
    loops_.detail_row(rows, width_, sums_.data(), codes);
    std::fill_n(codes - kMargin, kMargin, codes[0]);
    std::fill_n(codes + width_, kMargin, codes[width_ - 1]);
  }
  const auto repeat = [&](int64_t from, int64_t to) {
    std::copy_n(detail.data() + offset(-kMargin, from), stride_,
                detail.data() + offset(-kMargin, to));
  };
  for (int64_t i = 1; i <= kMargin; ++i) {
    repeat(0, -i);
    repeat(height_ - 1, height_ - 1 + i);
  }
}

template <typename Visit>
void MotionField::for_blocks(const Visit& visit) const {
  for (int64_t block = 0; block < across_ * down_; ++block) visit(block);
}

void MotionField::search() {
  for (int64_t row = 0; row < down_; ++row) {
    const int64_t at = offset(-kOverlap, row * kBlock - kOverlap);
    loops_.search_blocks({present_.data() + at, reference_.data() + at, stride_, across_, still_},
                         blocks_.data() + row * across_);
  }
}

MotionField::Vector MotionField::block_at(int64_t column, int64_t row) const {
  return blocks_[std::clamp<int64_t>(row, 0, down_ - 1) * across_ +
                 std::clamp<int64_t>(column, 0, across_ - 1)];
}

/// blocks_ -> smoothed_: the motion among the block's own, its neighbours', their median and none
/// that fits both the picture and the neighbours.
void MotionField::agree_with_neighbours(int64_t block) {
  constexpr int kAround = 9, kCentre = 4;
  const int64_t column = block % across_, row = block / across_;
  Vector around[kAround + 2];
  int16_t xs[kAround], ys[kAround];
  for (int i = 0; i < kAround; ++i) {
    around[i] = block_at(column + i % 3 - 1, row + i / 3 - 1);
    xs[i] = around[i].x;
    ys[i] = around[i].y;
  }
  const Vector own = around[kCentre];
  if (std::all_of(around, around + kAround, [own](Vector other) { return other == own; })) {
    smoothed_[block] = own;
    return;
  }
  std::nth_element(xs, xs + kCentre, xs + kAround);
  std::nth_element(ys, ys + kCentre, ys + kAround);
  around[kAround] = {xs[kCentre], ys[kCentre]};
  around[kAround + 1] = {};

  const int64_t x = column * kBlock - kOverlap, y = row * kBlock - kOverlap;
  const uint8_t* const window = present_.data() + offset(x, y);
  const uint8_t* const centre = reference_.data() + offset(x, y);
  const auto difference_at = [&](Vector motion) {
    return loops_.window_difference(window, centre + motion.y * stride_ + motion.x, stride_);
  };
  // Where grain is all that differs, the best fit is chance: neighbours count for more.
  const int disagree = kDisagreeCost + difference_at(own) / kGrainShare;
  const auto cost_of = [&](Vector motion) {
    int cost = difference_at(motion);
    for (int i = 0; i < kAround; ++i) {
      if (i == kCentre) continue;
      cost += disagree * std::min(distance(motion, around[i]), kFarthestNeighbour);
    }
    return cost + BlockRow::kLengthCost * distance(motion, {});
  };
  Vector best = own;
  int least = cost_of(best);
  for (const Vector candidate : around) {
    if (candidate == best) continue;
    const int cost = cost_of(candidate);
    if (cost < least) {
      least = cost;
      best = candidate;
    }
  }
  smoothed_[block] = best;
}

void MotionField::choose_for_cells(int64_t block) {
  const int64_t column = block % across_, row = block / across_;
  const Vector own = blocks_[block];
  for (int64_t quarter = 0; quarter < 4; ++quarter) {
    const int64_t right = quarter % 2, below = quarter / 2;
    const int64_t x = column * kBlock + right * kCell - kCell / 2;
    const int64_t y = row * kBlock + below * kCell - kCell / 2;
    const uint8_t* const window = present_.data() + offset(x, y);
    const uint8_t* const centre = reference_.data() + offset(x, y);
    const int64_t beside = column + 2 * right - 1, beyond = row + 2 * below - 1;
    const Vector candidates[] = {block_at(beside, row), block_at(column, beyond),
                                 block_at(beside, beyond)};
    Vector best = own;
    int least = -1;
    for (const Vector candidate : candidates) {
      if (candidate == best) continue;
      if (least < 0) {
        least = loops_.cell_difference(window, centre + own.y * stride_ + own.x, stride_);
      }
      const int cost =
          loops_.cell_difference(window, centre + candidate.y * stride_ + candidate.x, stride_) +
          kForeignCost;
      if (cost < least) {
        least = cost;
        best = candidate;
      }
    }
    cells_[(2 * row + below) * cells_across_ + 2 * column + right] = best;
  }

  const int64_t x = column * kBlock - kOverlap, y = row * kBlock - kOverlap;
  const uint8_t* const window = present_.data() + offset(x, y);
  const uint8_t* const found = reference_.data() + offset(x + own.x, y + own.y);
  fits_[block] = {kMean * loops_.window_difference(window, found, stride_),
                  kMean * loops_.flat_difference(window, stride_),
                  kMean * loops_.flat_difference(found, stride_)};
}

void MotionField::estimate(const float* reference, const float* luma, float noise) {
  still_ = std::max(BlockRow::kStandingMargin, static_cast<int>(kStillNoise * noise / kMean));
  find_detail(reference, reference_);
  find_detail(luma, present_);
  search();
  for (int pass = 0; pass < 2; ++pass) {
    for_blocks([this](int64_t block) { agree_with_neighbours(block); });
    blocks_.swap(smoothed_);
  }
  for_blocks([this](int64_t block) { choose_for_cells(block); });
}

void MotionField::compensate(const float* plane, float* compensated) const {
  for (int64_t y = 0; y < height_; ++y) {
    const Vector* const cells = cells_.data() + y / kCell * cells_across_;
    float* const to = compensated + y * width_;
    int64_t next = 0;
    // Cells that move alike, side by side, are moved together.
    for (int64_t x = 0; x < width_; x = next) {
      const Vector motion = cells[x / kCell];
      for (next = x + kCell; next < width_ && cells[next / kCell] == motion;) next += kCell;
      next = std::min(next, width_);
      const float* const from = plane + std::clamp<int64_t>(y + motion.y, 0, height_ - 1) * width_;
      const int64_t inside = std::clamp<int64_t>(-motion.x, x, next);
      const int64_t outside = std::clamp<int64_t>(width_ - motion.x, inside, next);
      std::fill(to + x, to + inside, from[0]);
      std::copy(from + inside + motion.x, from + outside + motion.x, to + inside);
      std::fill(to + outside, to + next, from[width_ - 1]);
    }
  }
}

}  // namespace cgan
