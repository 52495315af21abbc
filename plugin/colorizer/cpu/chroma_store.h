#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "plugin/colorizer/format/pixel_format.h"
#include "plugin/colorizer/format/sample.h"

namespace cgan {

/// Samples of a row that are made and stored at a time: their codes stay in the first cache.
constexpr int64_t kChromaChunk = 256;

/// Writes samples x..x + count - 1 of one row of chroma. Rows may begin at any address, so their
/// samples are moved as bytes.
/// @tparam Code holds a sample as it lies in memory
/// @param cb, cr (count)
/// @param count 0..kChromaChunk
/// @param cb_row, cr_row first samples of the row, as in FrameView
template <typename Code>
void store_chroma(const PixelFormat& format, const Code* cb, const Code* cr, int64_t x,
                  int64_t count, uint8_t* cb_row, uint8_t* cr_row) {
  const int64_t bytes = static_cast<int64_t>(sizeof(Code));
  if (format.layout == ChromaLayout::kPlanar) {
    std::memcpy(cb_row + x * bytes, cb, count * bytes);
    std::memcpy(cr_row + x * bytes, cr, count * bytes);
    return;
  }
  const Code* const first = format.cr_first ? cr : cb;
  const Code* const second = format.cr_first ? cb : cr;
  Code pairs[2 * kChromaChunk];
  for (int64_t i = 0; i < count; ++i) {
    pairs[2 * i] = first[i];
    pairs[2 * i + 1] = second[i];
  }
  std::memcpy(std::min(cb_row, cr_row) + 2 * x * bytes, pairs, 2 * count * bytes);
}

/// Writes the first samples of one row of chroma, without colour.
inline void store_neutral_chroma(const PixelFormat& format, int64_t count, uint8_t* cb_row,
                                 uint8_t* cr_row) {
  with_sample(format.sample_bytes(), [&](auto sample) {
    using Code = CodeOf<decltype(sample)>;
    Code codes[kChromaChunk];
    std::fill_n(codes, kChromaChunk, static_cast<Code>(1 << (format.depth - 1 + format.shift)));
    for (int64_t x = 0; x < count; x += kChromaChunk) {
      store_chroma(format, codes, codes, x, std::min(kChromaChunk, count - x), cb_row, cr_row);
    }
  });
}

}  // namespace cgan
