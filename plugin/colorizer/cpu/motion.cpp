#include "plugin/colorizer/cpu/motion.h"

#include <algorithm>

#include "plugin/colorizer/pixel/detail.h"
#include "plugin/colorizer/pixel/motion.h"

namespace cgan {
namespace {

using pixel::kCell;
using pixel::kMargin;
using pixel::Motion;

}  // namespace

MotionField::MotionField(int64_t width, int64_t height, const RowLoops& loops)
    : loops_(loops),
      grid_(pixel::motion_grid(width, height)),
      reference_(grid_.codes()),
      present_(grid_.codes()),
      sums_(width + 2 * pixel::kDetailRadius),
      blocks_(grid_.across * grid_.down),
      smoothed_(blocks_.size()),
      cells_(4 * blocks_.size()),
      fits_(blocks_.size()) {}

void MotionField::find_detail(const float* luma, std::vector<uint8_t>& detail) {
  constexpr int64_t kSide = 2 * pixel::kDetailRadius + 1;
  for (int64_t y = 0; y < grid_.height; ++y) {
    const float* rows[kSide];
    for (int64_t i = 0; i < kSide; ++i) {
      rows[i] = luma + std::clamp<int64_t>(y + i - pixel::kDetailRadius, 0, grid_.height - 1) *
                           grid_.width;
    }
    uint8_t* const codes = detail.data() + grid_.offset(0, y);
    loops_.detail_row(rows, grid_.width, sums_.data(), codes);
    std::fill_n(codes - kMargin, kMargin, codes[0]);
    std::fill_n(codes + grid_.width, kMargin, codes[grid_.width - 1]);
  }
  const auto repeat = [&](int64_t from, int64_t to) {
    std::copy_n(detail.data() + grid_.offset(-kMargin, from), grid_.stride(),
                detail.data() + grid_.offset(-kMargin, to));
  };
  for (int64_t i = 1; i <= kMargin; ++i) {
    repeat(0, -i);
    repeat(grid_.height - 1, grid_.height - 1 + i);
  }
}

template <typename Visit>
void MotionField::for_blocks(const Visit& visit) const {
  for (int64_t row = 0; row < grid_.down; ++row) {
    for (int64_t column = 0; column < grid_.across; ++column) visit(column, row);
  }
}

void MotionField::search(int still) {
  for (int64_t row = 0; row < grid_.down; ++row) {
    const int64_t at = grid_.window(0, row);
    loops_.search_blocks(
        {present_.data() + at, reference_.data() + at, grid_.stride(), grid_.across, still},
        blocks_.data() + row * grid_.across);
  }
}

/// blocks_ -> smoothed_
void MotionField::agree_with_neighbours(int64_t column, int64_t row) {
  Motion around[pixel::kAround];
  for (int i = 0; i < pixel::kAround; ++i)
    around[i] = grid_.block(blocks_.data(), column + i % 3 - 1, row + i / 3 - 1);
  const uint8_t* const window = present_.data() + grid_.window(column, row);
  const uint8_t* const centre = reference_.data() + grid_.window(column, row);
  smoothed_[row * grid_.across + column] = pixel::agreed_motion(around, [&](Motion motion) {
    return loops_.window_difference(window, centre + grid_.along(motion), grid_.stride());
  });
}

void MotionField::choose_for_cells(int64_t column, int64_t row) {
  for (int64_t quarter = 0; quarter < 4; ++quarter) {
    cells_[(2 * row + quarter / 2) * 2 * grid_.across + 2 * column + quarter % 2] =
        pixel::cell_motion(grid_, blocks_.data(), column, row, quarter, present_.data(),
                           reference_.data(), loops_.cell_difference);
  }
  const int64_t block = row * grid_.across + column;
  const uint8_t* const window = present_.data() + grid_.window(column, row);
  const uint8_t* const found =
      reference_.data() + grid_.window(column, row) + grid_.along(blocks_[block]);
  fits_[block] = pixel::fit_of(loops_.window_difference(window, found, grid_.stride()),
                               loops_.flat_difference(window, grid_.stride()),
                               loops_.flat_difference(found, grid_.stride()));
}

void MotionField::estimate(const float* reference, const float* luma, float noise) {
  find_detail(reference, reference_);
  find_detail(luma, present_);
  search(pixel::still_difference(noise));
  for (int pass = 0; pass < 2; ++pass) {
    for_blocks([this](int64_t column, int64_t row) { agree_with_neighbours(column, row); });
    blocks_.swap(smoothed_);
  }
  for_blocks([this](int64_t column, int64_t row) { choose_for_cells(column, row); });
}

void MotionField::compensate(const float* plane, float* compensated) const {
  for (int64_t y = 0; y < grid_.height; ++y) {
    const Motion* const cells = cells_.data() + y / kCell * 2 * grid_.across;
    float* const to = compensated + y * grid_.width;
    int64_t next = 0;
    // Cells that move alike, side by side, are moved together.
    for (int64_t x = 0; x < grid_.width; x = next) {
      const Motion motion = cells[x / kCell];
      for (next = x + kCell; next < grid_.width && cells[next / kCell] == motion;) next += kCell;
      next = std::min(next, grid_.width);
      const float* const from =
          plane + std::clamp<int64_t>(y + motion.y, 0, grid_.height - 1) * grid_.width;
      const int64_t inside = std::clamp<int64_t>(-motion.x, x, next);
      const int64_t outside = std::clamp<int64_t>(grid_.width - motion.x, inside, next);
      std::fill(to + x, to + inside, from[0]);
      std::copy(from + inside + motion.x, from + outside + motion.x, to + inside);
      std::fill(to + outside, to + next, from[grid_.width - 1]);
    }
  }
}

}  // namespace cgan
