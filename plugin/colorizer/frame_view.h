#pragma once

#include <cstddef>
#include <cstdint>

#include "model/colour.h"
#include "plugin/colorizer/colorizer_interface.h"

namespace cgan {

/// The chroma samples of a format beside its luma.
struct ChromaGrid {
  int64_t width, height;  ///< Samples; odd luma sizes round up.
  int64_t step;           ///< Luma pixels per chroma sample along a side: 2 (4:2:0) or 1 (4:4:4).
};

/// What all frames of a stream share, as checked values.
struct StreamFormat {
  int64_t width, height;  ///< Luma pixels, 1..16384.
  CganFormat in, out;
  Matrix matrix;
  Range range;

  /// @throws ColorizerError (CGAN_ERROR_FRAME) where a value is outside its range.
  static StreamFormat from(const CganStreamInfo& info);
  /// The chroma samples of the output.
  ChromaGrid chroma_grid() const;
};

/// Borrowed luma of a frame that is read.
struct LumaView {
  const uint8_t* data;
  ptrdiff_t stride;  ///< Bytes.
  const uint8_t* row(int64_t y) const { return data + y * stride; }
};

/// Borrowed planes of a frame that is written. Chroma samples of one row lie `chroma_pixel_stride`
/// bytes apart: 2 where Cb and Cr take turns (NV12), else 1.
struct FrameView {
  uint8_t* luma;
  uint8_t* cb;
  uint8_t* cr;
  ptrdiff_t luma_stride, cb_stride, cr_stride;  ///< Bytes.
  int64_t chroma_pixel_stride;
};

/// @throws ColorizerError (CGAN_ERROR_FRAME) where luma is missing or its stride too small.
LumaView view_luma(const CganFrame& frame, const StreamFormat& format);
/// @throws ColorizerError (CGAN_ERROR_FRAME) where a plane is missing or a stride too small.
FrameView view_output(const CganFrame& frame, const StreamFormat& format);

}  // namespace cgan
