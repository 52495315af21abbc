#pragma once

#include <cstdint>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan::test {

/// Frames of a size and two formats: limited range, BT.601, chroma on the left; a test sets what it
/// wants otherwise.
constexpr CganStreamInfo stream_of(int64_t width, int64_t height, CganFormat in, CganFormat out,
                                   int full_range = 0) {
  CganStreamInfo info = {};
  info.width = static_cast<uint32_t>(width);
  info.height = static_cast<uint32_t>(height);
  info.in = in;
  info.out = out;
  info.in_full_range = info.out_full_range = full_range;
  info.chroma_site = info.in_chroma_site = CGAN_CHROMA_LEFT;
  return info;
}

}  // namespace cgan::test
