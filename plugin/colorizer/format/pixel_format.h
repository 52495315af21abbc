#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// Where a format keeps its chroma: nowhere, in a plane each, or taking turns in one plane.
enum class ChromaLayout { kNone, kPlanar, kInterleaved };

/// How the samples of a format lie in memory. Plane 0 is luma; a sample is one byte up to 8 bits,
/// else two bytes with the lower one first.
struct PixelFormat {
  CganFormat format;
  const char* name;    ///< GStreamer's.
  int depth;           ///< Bits of a code, 8..16.
  int shift;           ///< Bits of a sample below its code: P010 and P012 keep codes at the top.
  int step_x, step_y;  ///< Luma pixels per chroma sample along a side, 1 or 2; gray: 0.
  ChromaLayout layout;
  bool cr_first;  ///< Cr comes before Cb, as a plane or in a pair.

  constexpr int sample_bytes() const { return depth > 8 ? 2 : 1; }
  constexpr bool has_chroma() const { return layout != ChromaLayout::kNone; }
};

/// Every format, at the index that is its value.
inline constexpr std::array<PixelFormat, 16> kPixelFormats = {{
    {CGAN_FORMAT_GRAY8, "GRAY8", 8, 0, 0, 0, ChromaLayout::kNone, false},
    {CGAN_FORMAT_GRAY16_LE, "GRAY16_LE", 16, 0, 0, 0, ChromaLayout::kNone, false},
    {CGAN_FORMAT_I420, "I420", 8, 0, 2, 2, ChromaLayout::kPlanar, false},
    {CGAN_FORMAT_NV12, "NV12", 8, 0, 2, 2, ChromaLayout::kInterleaved, false},
    {CGAN_FORMAT_YV12, "YV12", 8, 0, 2, 2, ChromaLayout::kPlanar, true},
    {CGAN_FORMAT_NV21, "NV21", 8, 0, 2, 2, ChromaLayout::kInterleaved, true},
    {CGAN_FORMAT_Y42B, "Y42B", 8, 0, 2, 1, ChromaLayout::kPlanar, false},
    {CGAN_FORMAT_Y444, "Y444", 8, 0, 1, 1, ChromaLayout::kPlanar, false},
    {CGAN_FORMAT_I420_10LE, "I420_10LE", 10, 0, 2, 2, ChromaLayout::kPlanar, false},
    {CGAN_FORMAT_P010_10LE, "P010_10LE", 10, 6, 2, 2, ChromaLayout::kInterleaved, false},
    {CGAN_FORMAT_I422_10LE, "I422_10LE", 10, 0, 2, 1, ChromaLayout::kPlanar, false},
    {CGAN_FORMAT_Y444_10LE, "Y444_10LE", 10, 0, 1, 1, ChromaLayout::kPlanar, false},
    {CGAN_FORMAT_I420_12LE, "I420_12LE", 12, 0, 2, 2, ChromaLayout::kPlanar, false},
    {CGAN_FORMAT_P012_LE, "P012_LE", 12, 4, 2, 2, ChromaLayout::kInterleaved, false},
    {CGAN_FORMAT_I422_12LE, "I422_12LE", 12, 0, 2, 1, ChromaLayout::kPlanar, false},
    {CGAN_FORMAT_Y444_12LE, "Y444_12LE", 12, 0, 1, 1, ChromaLayout::kPlanar, false},
}};

/// NULL where the value names no format.
constexpr const PixelFormat* find_pixel_format(CganFormat format) {
  const auto index = static_cast<int64_t>(format);
  const bool is_known = index >= 0 && index < static_cast<int64_t>(kPixelFormats.size());
  return is_known ? &kPixelFormats[index] : nullptr;
}

/// NULL where there is no format of this name.
inline const PixelFormat* find_pixel_format(std::string_view name) {
  for (const PixelFormat& format : kPixelFormats) {
    if (name == format.name) return &format;
  }
  return nullptr;
}

/// Whether frames of `out` can hold the colours and the whole luma of `in`: no depth is lost, but
/// for 16-bit gray, deeper than every YUV format, which may go to each of them.
constexpr bool can_become(const PixelFormat& in, const PixelFormat& out) {
  return out.has_chroma() && (in.depth <= out.depth || in.format == CGAN_FORMAT_GRAY16_LE);
}

}  // namespace cgan
