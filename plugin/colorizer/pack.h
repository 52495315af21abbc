#pragma once

#include <array>
#include <cstdint>

#include "plugin/colorizer/frame_view.h"

namespace cgan {

/// From signals to the planes of a frame: the frame's luma at its chroma samples, and the chroma
/// codes. Knows the stream's matrix, range and formats. Thread-safety: const after construction.
class Packer {
 public:
  explicit Packer(const StreamFormat& format);

  /// Luma at the chroma samples of row y: the mean of the pixels that share a sample, as 4:2:0
  /// has it (fewer at odd borders).
  /// @param luma (grid.width), written, 0..1 by the range; codes outside it are limited
  void luma_row(const LumaView& frame, int64_t y, float* luma) const;

  /// Converts one row of chroma to the frame's matrix and writes its codes. Where luma and chroma
  /// together would leave R'G'B' 0..1, the chroma is scaled towards neutral: the hue stays and no
  /// player's clipping turns into another luma.
  /// @param luma (grid.width), 0..1
  /// @param cb, cr (grid.width), BT.601, -0.5..0.5 or beyond, finite
  void chroma_row(int64_t y, const float* luma, const float* cb, const float* cr,
                  const CganLook& look, const FrameView& out) const;

  /// Copies the luma bit for bit; nothing to do where both are the same memory.
  void copy_luma(const LumaView& in, const FrameView& out) const;
  /// Writes chroma without colour.
  void write_neutral(const FrameView& out) const;

 private:
  StreamFormat format_;
  ChromaGrid grid_;
  float luma_scale_, luma_offset_;          ///< signal = code * scale + offset
  float chroma_scale_, chroma_offset_;      ///< code = signal * scale + offset
  float lowest_, highest_;                  ///< Codes of chroma.
  std::array<float, 4> conversion_;         ///< BT.601 chroma -> the frame's matrix
  float red_, green_cb_, green_cr_, blue_;  ///< R' - Y' = red Cr, G' - Y' = ..., B' - Y' = blue Cb
};

}  // namespace cgan
