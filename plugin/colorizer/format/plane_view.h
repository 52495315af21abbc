#pragma once

#include <cstddef>
#include <cstdint>

#include "plugin/colorizer/format/stream_format.h"
#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// Borrowed luma of a frame that is read.
struct LumaView {
  const uint8_t* data;
  ptrdiff_t stride;  ///< Bytes.
  const uint8_t* row(int64_t y) const { return data + y * stride; }
};

/// Borrowed chroma of a frame that is read; NULL where the input is gray. Interleaved chroma: first
/// samples of the one plane, equal strides.
struct ChromaView {
  const uint8_t* cb;
  const uint8_t* cr;
  ptrdiff_t cb_stride, cr_stride;  ///< Bytes.
};

/// Borrowed planes of a frame that is read.
struct InputView {
  LumaView luma;
  ChromaView chroma;
};

/// Borrowed planes of a frame that is written; interleaved chroma: `cb` and `cr` are the first
/// samples of the one plane, and their strides are equal.
struct FrameView {
  uint8_t* luma;
  uint8_t* cb;
  uint8_t* cr;
  ptrdiff_t luma_stride, cb_stride, cr_stride;  ///< Bytes.
};

/// @throws ColorizerError (CGAN_ERROR_FRAME) where luma is missing or its stride too small.
LumaView view_luma(const CganFrame& frame, const StreamFormat& format);
/// @throws ColorizerError (CGAN_ERROR_FRAME) where a plane is missing or a stride too small.
ChromaView view_chroma(const CganFrame& frame, const StreamFormat& format);
/// Both.
InputView view_input(const CganFrame& frame, const StreamFormat& format);
/// @throws ColorizerError (CGAN_ERROR_FRAME) where a plane is missing or a stride too small.
FrameView view_output(const CganFrame& frame, const StreamFormat& format);
/// Nothing to say where input and output are two frames.
/// @throws ColorizerError (CGAN_ERROR_FRAME) where they share their luma but it cannot stay as it
///   is.
void check_in_place(const LumaView& in, const FrameView& out, const StreamFormat& format);

}  // namespace cgan
