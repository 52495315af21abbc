#pragma once

#include <cstdint>

namespace cgan {

/// Makes tiles agree with each other: a coarse copy of the picture, which the network sees whole,
/// decides the colour of each place, the tiles only how it varies within. Of two tiles that took
/// the same wall for brick and for plaster, both get the colour that the whole picture speaks for.
///
/// A cell is a square of `factor` by `factor` samples that becomes one of the coarse copy; those at
/// the right and below may be smaller. Thread-safety: const after construction.
class Consensus {
 public:
  /// @param width, height of the picture in luma pixels, multiples of chroma_scale
  /// @param factor at least 2
  /// @param chroma_scale luma pixels per chroma sample, 1 or 2
  Consensus(int64_t width, int64_t height, int64_t factor, int64_t chroma_scale);

  /// Cells of the luma.
  int64_t width() const { return luma_columns_; }
  int64_t height() const { return luma_rows_; }

  /// Side of a cell.
  int64_t factor() const { return factor_; }

  /// Of one plane of chroma.
  int64_t cells() const;

  /// Means of the cells; what lies beyond the last one repeats it.
  /// @param luma (height, width) of the picture
  /// @param coarse (rows, columns), written
  /// @param columns, rows not below width() and height()
  void reduce(const float* luma, float* coarse, int64_t columns, int64_t rows) const;

  /// Adds to each plane of the tiles' chroma what the means of its cells lack of the coarse chroma,
  /// interpolated linearly from cell to cell.
  /// @param coarse (2, coarse_rows, coarse_columns), of what reduce() gave
  /// @param lacking (cells()), overwritten: room to compute in
  /// @param chroma (2, height / chroma_scale, width / chroma_scale)
  void align(const float* coarse, int64_t coarse_columns, int64_t coarse_rows, float* lacking,
             float* chroma) const;

 private:
  int64_t width_, height_, factor_, scale_;
  int64_t luma_columns_, luma_rows_;
};

}  // namespace cgan
