#pragma once

#include <array>
#include <cstdint>

#include "plugin/colorizer/frame_view.h"

namespace cgan {

/// From chroma signals to the planes of a frame. Knows the output's format, matrix and range.
/// Thread-safety: const after construction.
class Packer {
 public:
  explicit Packer(const StreamFormat& format);

  /// Converts one row of chroma to the frame's matrix and writes its codes. Where luma and chroma
  /// together would leave R'G'B' 0..1, the chroma is scaled towards neutral: the hue stays and no
  /// player's clipping turns into another luma.
  /// @param luma (grid.width), 0..1
  /// @param cb, cr (grid.width), BT.601, -0.5..0.5 or beyond, finite
  void chroma_row(int64_t y, const float* luma, const float* cb, const float* cr,
                  const CganLook& look, const FrameView& out) const;

  /// Writes chroma without colour.
  void write_neutral(const FrameView& out) const;

 private:
  /// @tparam Code holds a sample as it lies in memory
  template <typename Code>
  void write_row(int64_t y, const float* luma, const float* cb, const float* cr,
                 const CganLook& look, const FrameView& out) const;
  template <typename Code>
  void store(const Code* cb, const Code* cr, int64_t x, int64_t count, uint8_t* cb_row,
             uint8_t* cr_row) const;
  template <typename Code>
  void write_neutral_codes(const FrameView& out) const;

  PixelFormat format_;
  ChromaGrid grid_;
  float scale_, offset_;                    ///< code = signal * scale + offset
  float lowest_, highest_;                  ///< Codes.
  float no_room_;                           ///< Luma nearer to black or white has no colour.
  std::array<float, 4> conversion_;         ///< BT.601 chroma -> the frame's matrix
  float red_, green_cb_, green_cr_, blue_;  ///< R' - Y' = red Cr, G' - Y' = ..., B' - Y' = blue Cb
};

}  // namespace cgan
