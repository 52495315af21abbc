#pragma once

#include <array>
#include <cstdint>

#include "plugin/colorizer/cpu/chroma_hold.h"
#include "plugin/colorizer/format/frame_view.h"

namespace cgan {

/// From chroma signals to the planes of a frame. Knows the output's format, matrix and range.
/// Thread-safety: const after construction.
class Packer {
 public:
  explicit Packer(const StreamFormat& format);

  /// Converts one row of chroma to the frame's matrix and writes its codes. Where luma and chroma
  /// together would leave R'G'B' 0..1, the chroma is scaled towards neutral: the hue stays and no
  /// player's clipping turns into another luma. In BT.601, C the chroma and w the warmth:
  ///   C' = strength * fitted(saturation * C + w * 0.06 * 4 Y' (1 - Y') * (-1, 1))
  /// (-0.06, 0.06) is what white of 5000 K is beside white of 6500 K; black and white stay neutral.
  /// @param first the samples before it are left as they are, 0..grid.width
  /// @param luma (grid.width), 0..1
  /// @param cb, cr (grid.width), BT.601, -0.5..0.5 or beyond, finite
  /// @param hold of this stream; its row is brought up to date
  void chroma_row(int64_t y, int64_t first, const float* luma, const float* cb, const float* cr,
                  const CganLook& look, ChromaHold& hold, const FrameView& out) const;

  /// Writes chroma without colour.
  void write_neutral(const FrameView& out) const;

 private:
  /// @tparam Code holds a sample as it lies in memory
  template <typename Code>
  void write_row(int64_t y, int64_t first, const float* luma, const float* cb, const float* cr,
                 const CganLook& look, ChromaHold& hold, const FrameView& out) const;

  PixelFormat format_;
  ChromaGrid grid_;
  float scale_, offset_;                    ///< code = signal * scale + offset
  float lowest_, highest_;                  ///< Codes.
  float no_room_;                           ///< Luma nearer to black or white has no colour.
  std::array<float, 4> conversion_;         ///< BT.601 chroma -> the frame's matrix
  float red_, green_cb_, green_cr_, blue_;  ///< R' - Y' = red Cr, G' - Y' = ..., B' - Y' = blue Cb
};

}  // namespace cgan
