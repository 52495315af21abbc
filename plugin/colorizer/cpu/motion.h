#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/cpu/row_loops.h"

namespace cgan {

/// Where each part of a luma plane was in a reference plane: block matching in whole pixels.
/// Compared is luma less its local mean, so that a change of exposure moves nothing. Full search
/// over windows of twice a block's side; standing still is preferred, and neighbours that agree, so
/// that grain in flat areas does not wander. At last every cell of a quarter block chooses among
/// the motions of the blocks around it, so that motion ends close to where objects end. Everything
/// is allocated by the constructor. Thread-safety: one thread at a time.
class MotionField {
 public:
  static constexpr int64_t kBlock = BlockRow::kBlock;  ///< Side of a block, pixels.
  static constexpr int64_t kCell = 4;                  ///< Side of a cell, pixels.
  static constexpr int64_t kRange = BlockRow::kRange;  ///< Longest motion along an axis, pixels.

  using Vector = Motion;
  /// How a block fits; numbers of luma -1..1, means over its window.
  struct Fit {
    float residual = 0.0f;          ///< Mean |detail - detail of the reference|.
    float detail = 0.0f;            ///< Mean |detail|.
    float reference_detail = 0.0f;  ///< Mean |detail| of the reference, where it fits.
  };

  /// @param width, height pixels, positive
  MotionField(int64_t width, int64_t height, const RowLoops& loops = row_loops_of());

  /// @param reference, luma (height, width), -1..1
  /// @param noise mean difference that grain alone makes, luma: what differs by no more stands
  ///   still, which saves the search; 0: not known
  void estimate(const float* reference, const float* luma, float noise = 0.0f);

  /// Motion of the cell that holds a pixel, of the last estimate().
  Vector at(int64_t x, int64_t y) const { return cells_[y / kCell * cells_across_ + x / kCell]; }
  /// Blocks of the last estimate(), row by row, ceil(height / kBlock) x ceil(width / kBlock).
  const std::vector<Fit>& fits() const { return fits_; }

  /// Brings a plane along the motion of the last estimate(); what came from outside the picture is
  /// its border.
  /// @param plane, compensated (height, width), apart
  void compensate(const float* plane, float* compensated) const;

 private:
  /// Detail as codes around 128, with a margin for windows that reach over the border.
  void find_detail(const float* luma, std::vector<uint8_t>& detail);
  void search();
  void agree_with_neighbours(int64_t block);
  void choose_for_cells(int64_t block);
  Vector block_at(int64_t column, int64_t row) const;
  int64_t offset(int64_t x, int64_t y) const;
  template <typename Visit>
  void for_blocks(const Visit& visit) const;

  const RowLoops& loops_;
  int64_t width_, height_, stride_;
  int64_t across_, down_;  ///< Blocks.
  int64_t cells_across_;   ///< Cells, two for each block.
  int still_ = 0;          ///< Sum of differences of a window up to which it stands still.
  std::vector<uint8_t> reference_, present_;  ///< (height + margins, stride_)
  std::vector<float> sums_;                   ///< A row with a margin.
  std::vector<Vector> blocks_, smoothed_;     ///< (down_, across_)
  std::vector<Vector> cells_;                 ///< (2 down_, cells_across_)
  std::vector<Fit> fits_;
};

}  // namespace cgan
