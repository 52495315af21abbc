#pragma once

#include <cstdint>

#include "model/colour.h"
#include "plugin/colorizer/format/pixel_format.h"
#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// The chroma samples of a frame beside its luma. Sample i of an axis has its centre
/// first + i * step luma pixels from the left or upper border of the frame, where pixel 0 has its
/// own at 0.5: `first` is 0.5 where a sample lies on a pixel and 1 between two of them.
struct ChromaGrid {
  int64_t width, height;   ///< Samples; odd luma sizes round up.
  int64_t step_x, step_y;  ///< Luma pixels per chroma sample, 1 or 2.
  double first_x, first_y;
};

/// What all frames of a stream share, as checked values.
struct StreamFormat {
  int64_t width, height;  ///< Luma pixels, 1..16384.
  PixelFormat in, out;
  Matrix matrix;  ///< Of the output.
  Range in_range, out_range;
  CganChromaSite chroma_site;  ///< Of the output.
  CganChromaSite in_chroma_site;
  CganScan scan = CGAN_SCAN_FRAME;  ///< Of a field, `height` is the number of its own rows.
  int64_t frame_height = 0;         ///< Of the frame that a field belongs to.

  /// @throws ColorizerError (CGAN_ERROR_FRAME) where a value is outside its range or the output
  ///   cannot hold the input.
  static StreamFormat from(const CganStreamInfo& info);
  /// That of a field; of a frame's format of two rows or more.
  StreamFormat field(CganScan field) const;
  /// Height of the frame in quarters of the picture's rows.
  int64_t frame_quarters() const { return scan == CGAN_SCAN_FRAME ? 4 * height : 2 * frame_height; }
  /// Upper border of the frame, from that of the picture's first row on, in quarters of its rows:
  /// the first row of a top field covers the first two of the frame but for a quarter.
  int64_t frame_border_quarters() const;
  /// The chroma samples of the output.
  ChromaGrid chroma_grid() const;
  /// The chroma samples of an input that has chroma.
  ChromaGrid in_chroma_grid() const;
  /// Signal 0..1 -> sample of the input's luma as it lies in memory.
  CodeScale luma_samples() const;
  /// Whether every sample of luma goes out as it came in.
  bool keeps_luma() const;
};

}  // namespace cgan
