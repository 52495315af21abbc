#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "plugin/colorizer/format/stream_format.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/pixel/gamut_code.h"
#include "plugin/colorizer/plan/taps.h"

namespace cgan {

/// How the network's chroma is brought to the chroma grid of the frame; see ChromaUpsample.
struct UpsamplePlan {
  /// Sizes of the work picture, whose sample (x, y) covers the share 1/width, 1/height of the
  /// frame.
  struct Source {
    int64_t luma_width, luma_height;  ///< Without the margin.
    int64_t luma_stride;              ///< Floats from row to row.
    int64_t chroma_width;             ///< Samples from row to row; the network's whole grid,
    int64_t chroma_height;            ///< margin included.
    int64_t chroma_scale;             ///< Luma pixels per chroma sample, 1 or 2.
  };
  Source source;
  int64_t width, height;  ///< Samples that are fitted: the network's chroma without the margin.
  int64_t grid_width;
  std::vector<Tap> columns, lines;  ///< Of the frame's chroma samples, between the fitted ones.

  /// @param frame_width, frame_height of the frame, luma pixels of the picture
  /// @param grid the picture's chroma samples
  /// @param frame_top upper border of the frame, from that of the picture on: not 0 for a field
  static UpsamplePlan of(const Source& source, double frame_width, double frame_height,
                         const ChromaGrid& grid, double frame_top = 0.0);
};

/// How the chroma that the input has of its own becomes that of the output. Where both have one
/// format and range, to the bit. Else each sample of the output is interpolated linearly between
/// the four of the input around its site, and written by Rec. ITU-T H.273, 8.3, C the signal
/// -0.5..0.5:
///   limited: code = 2^(n-8) (224 C + 128)      full: code = (2^n - 1) C + 2^(n-1)
/// to the nearest code; so with one grid limited range grows by zero bits. Gray input gives neutral
/// chroma.
struct OwnChromaPlan {
  PixelFormat in, out;
  bool is_copy;
  float scale, offset;  ///< code out = code in * scale + offset
  float highest;        ///< Code of the output.
  std::vector<Tap> columns, lines;

  static OwnChromaPlan of(const StreamFormat& format);
};

/// How chroma signals become codes of the output. Where luma and chroma together would leave R'G'B'
/// 0..1, the chroma is scaled towards neutral: the hue stays and no player's clipping turns into
/// another luma. In BT.601, C the chroma and w the warmth:
///   C' = strength * fitted(saturation * C + w * 0.06 * 4 Y' (1 - Y') * (-1, 1))
/// (-0.06, 0.06) is what white of 5000 K is beside white of 6500 K; black and white stay neutral.
struct PackPlan {
  PixelFormat format;
  ChromaGrid grid;
  pixel::GamutConstants gamut;
  std::array<float, 4> conversion;  ///< BT.601 chroma -> the frame's matrix
  int hold_tolerance;  ///< One code of eight bits, as samples lie in memory; see ChromaHold.
  int neutral;         ///< Likewise.

  static PackPlan of(const StreamFormat& format);
  pixel::LookConstants look_constants(const CganLook& look) const;
};

}  // namespace cgan
