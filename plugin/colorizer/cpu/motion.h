#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/pixel/motion.h"

namespace cgan {

/// Where each part of a luma plane was in a reference plane: block matching in whole pixels.
/// Compared is luma less its local mean, so that a change of exposure moves nothing. Full search
/// over windows of twice a block's side; standing still is preferred, and neighbours that agree, so
/// that grain in flat areas does not wander. At last every cell of a quarter block chooses among
/// the motions of the blocks around it, so that motion ends close to where objects end. Everything
/// is allocated by the constructor. Thread-safety: one thread at a time.
class MotionField {
 public:
  /// @param width, height pixels, positive
  MotionField(int64_t width, int64_t height, const RowLoops& loops = row_loops_of());

  /// @param reference, luma (height, width), -1..1
  /// @param noise mean difference that grain alone makes, luma: what differs by no more stands
  ///   still, which saves the search; 0: not known
  void estimate(const float* reference, const float* luma, float noise = 0.0f);

  const pixel::MotionGrid& grid() const { return grid_; }
  /// Motion of the cell that holds a pixel, of the last estimate().
  pixel::Motion at(int64_t x, int64_t y) const {
    return cells_[y / pixel::kCell * 2 * grid_.across + x / pixel::kCell];
  }
  /// Of its blocks, row by row of the grid.
  const std::vector<pixel::Fit>& fits() const { return fits_; }

  /// Brings a plane along the motion of the last estimate(); what came from outside the picture is
  /// its border.
  /// @param plane, compensated (height, width), apart
  void compensate(const float* plane, float* compensated) const;

 private:
  /// Detail as codes around 128, with a margin for windows that reach over the border.
  void find_detail(const float* luma, std::vector<uint8_t>& detail);
  void search(int still);
  void agree_with_neighbours(int64_t column, int64_t row);
  void choose_for_cells(int64_t column, int64_t row);
  template <typename Visit>
  void for_blocks(const Visit& visit) const;

  const RowLoops& loops_;
  pixel::MotionGrid grid_;
  std::vector<uint8_t> reference_, present_;      ///< Codes.
  std::vector<float> sums_;                       ///< A row with a margin.
  std::vector<pixel::Motion> blocks_, smoothed_;  ///< (down, across) of the grid
  std::vector<pixel::Motion> cells_;              ///< (2 down, 2 across)
  std::vector<pixel::Fit> fits_;
};

}  // namespace cgan
