#include "examples/colorize_film/sampling.h"

#include <algorithm>
#include <array>

namespace colorize_film {
namespace {

struct Planar {
  Sampling sampling;
  const char* format;
};

constexpr std::array<Planar, 11> kPlanar = {{{{8, 0}, "GRAY8"},
                                             {{16, 0}, "GRAY16_LE"},
                                             {{8, 420}, "I420"},
                                             {{8, 422}, "Y42B"},
                                             {{8, 444}, "Y444"},
                                             {{10, 420}, "I420_10LE"},
                                             {{10, 422}, "I422_10LE"},
                                             {{10, 444}, "Y444_10LE"},
                                             {{12, 420}, "I420_12LE"},
                                             {{12, 422}, "I422_12LE"},
                                             {{12, 444}, "Y444_12LE"}}};

int chroma_of(const GstVideoFormatInfo* format) {
  if (GST_VIDEO_FORMAT_INFO_IS_GRAY(format)) return 0;
  if (GST_VIDEO_FORMAT_INFO_W_SUB(format, 1) == 0) return 444;
  return GST_VIDEO_FORMAT_INFO_H_SUB(format, 1) == 0 ? 422 : 420;
}

}  // namespace

Sampling sampling_of(const GstVideoInfo& info) {
  const GstVideoFormatInfo* format = info.finfo;
  int deepest = 8;
  for (guint i = 0; i < GST_VIDEO_FORMAT_INFO_N_COMPONENTS(format); ++i)
    deepest = std::max<int>(deepest, GST_VIDEO_FORMAT_INFO_DEPTH(format, i));
  // The palette's indices are no codes, its colours have 8 bits.
  if (GST_VIDEO_FORMAT_INFO_HAS_PALETTE(format)) return {8, 444};
  const int chroma = chroma_of(format);
  for (const int depth : {8, 10, 12})
    if (deepest <= depth && (chroma != 0 || depth == 8)) return {depth, chroma};
  return {16, chroma};
}

const char* format_of(const Sampling& sampling) {
  const auto* found = std::find_if(kPlanar.begin(), kPlanar.end(), [&sampling](const Planar& one) {
    return one.sampling == sampling;
  });
  return found == kPlanar.end() ? "" : found->format;
}

std::string describe(const Sampling& sampling) {
  const std::string bits = std::to_string(sampling.depth) + " bits ";
  if (sampling.chroma == 0) return bits + "grey";
  const std::string digits = std::to_string(sampling.chroma);
  return bits + digits[0] + ":" + digits[1] + ":" + digits[2];
}

}  // namespace colorize_film
