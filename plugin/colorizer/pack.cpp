#include "plugin/colorizer/pack.h"

#include <algorithm>
#include <cstring>

namespace cgan {
namespace {

/// Samples at a time: their codes stay in the first cache.
constexpr int64_t kChunk = 256;

/// Share of a code within which luma counts as black or white.
constexpr double kNoRoomCodes = 0.1;

// By value, unlike std::max and std::min, whose references keep gcc 12 from vectorising.
inline float larger(float a, float b) {
  return a > b ? a : b;
}
inline float smaller(float a, float b) {
  return a < b ? a : b;
}

}  // namespace

Packer::Packer(const StreamFormat& format) : format_(format.out), grid_(format.chroma_grid()) {
  const int depth = format_.depth;
  const CodeScale chroma = chroma_codes(format.out_range, depth);
  scale_ = static_cast<float>(chroma.scale);
  offset_ = static_cast<float>(chroma.offset);
  const bool is_full = format.out_range == Range::kFull;
  lowest_ = static_cast<float>(is_full ? 0 : 16 << (depth - 8));
  highest_ = static_cast<float>(is_full ? (1 << depth) - 1 : 240 << (depth - 8));
  no_room_ = static_cast<float>(kNoRoomCodes / (1 << depth));

  const std::array<double, 4> conversion = chroma_conversion(Matrix::kBt601, format.matrix);
  std::copy(conversion.begin(), conversion.end(), conversion_.begin());

  const LumaCoefficients k = luma_coefficients(format.matrix);
  red_ = static_cast<float>(2.0 * (1.0 - k.kr));
  blue_ = static_cast<float>(2.0 * (1.0 - k.kb));
  green_cb_ = static_cast<float>(-2.0 * k.kb * (1.0 - k.kb) / k.kg);
  green_cr_ = static_cast<float>(-2.0 * k.kr * (1.0 - k.kr) / k.kg);
}

void Packer::chroma_row(int64_t y, const float* luma, const float* cb, const float* cr,
                        const CganLook& look, const FrameView& out) const {
  if (format_.sample_bytes() == 1) {
    write_row<uint8_t>(y, luma, cb, cr, look, out);
  } else {
    write_row<uint16_t>(y, luma, cb, cr, look, out);
  }
}

template <typename Code>
void Packer::write_row(int64_t y, const float* luma, const float* cb, const float* cr,
                       const CganLook& look, const FrameView& out) const {
  const auto strength = static_cast<float>(look.strength);
  const auto saturation = static_cast<float>(look.saturation);
  const float m0 = saturation * conversion_[0], m1 = saturation * conversion_[1];
  const float m2 = saturation * conversion_[2], m3 = saturation * conversion_[3];

  // Copies: the compiler cannot know that writing codes does not change members.
  const float red_factor = red_, blue_factor = blue_, green_cb = green_cb_, green_cr = green_cr_;
  const float scale = scale_, offset = offset_, no_room = no_room_;
  const float lowest_code = lowest_, highest_code = highest_;
  const int shift = format_.shift;

  Code cb_codes[kChunk], cr_codes[kChunk];
  for (int64_t begin = 0; begin < grid_.width; begin += kChunk) {
    const int64_t count = std::min(kChunk, grid_.width - begin);
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      const float from_cb = cb[begin + i], from_cr = cr[begin + i];
      const float blue = m0 * from_cb + m1 * from_cr;
      const float red = m2 * from_cb + m3 * from_cr;
      const float y_signal = luma[begin + i];
      const float above = 1.0f / larger(1.0f - y_signal, no_room);
      const float below = -1.0f / larger(y_signal, no_room);
      const float dr = red_factor * red, db = blue_factor * blue,
                  dg = green_cb * blue + green_cr * red;
      // How many times the room the farthest of R', G', B' takes.
      const float highest = larger(dr, larger(dg, db));
      const float lowest = smaller(dr, smaller(dg, db));
      const float used = larger(1.0f, larger(highest * above, lowest * below));
      const float factor = strength / used * scale;
      const auto code = [&](float signal) {
        const float value = signal * factor + offset;
        const int nearest =
            static_cast<int>(smaller(highest_code, larger(lowest_code, value)) + 0.5f);
        // One byte knows no shift.
        return static_cast<Code>(sizeof(Code) == 1 ? nearest : nearest << shift);
      };
      cb_codes[i] = code(blue);
      cr_codes[i] = code(red);
    }
    store(cb_codes, cr_codes, begin, count, out.cb + y * out.cb_stride, out.cr + y * out.cr_stride);
  }
}

/// Rows may begin at any address, so their samples are moved as bytes.
template <typename Code>
void Packer::store(const Code* cb, const Code* cr, int64_t x, int64_t count, uint8_t* cb_row,
                   uint8_t* cr_row) const {
  const int64_t bytes = static_cast<int64_t>(sizeof(Code));
  if (format_.layout == ChromaLayout::kPlanar) {
    std::memcpy(cb_row + x * bytes, cb, count * bytes);
    std::memcpy(cr_row + x * bytes, cr, count * bytes);
    return;
  }
  const Code* const first = format_.cr_first ? cr : cb;
  const Code* const second = format_.cr_first ? cb : cr;
  Code pairs[2 * kChunk];
  for (int64_t i = 0; i < count; ++i) {
    pairs[2 * i] = first[i];
    pairs[2 * i + 1] = second[i];
  }
  std::memcpy(std::min(cb_row, cr_row) + 2 * x * bytes, pairs, 2 * count * bytes);
}

void Packer::write_neutral(const FrameView& out) const {
  if (format_.sample_bytes() == 1) {
    write_neutral_codes<uint8_t>(out);
  } else {
    write_neutral_codes<uint16_t>(out);
  }
}

template <typename Code>
void Packer::write_neutral_codes(const FrameView& out) const {
  Code codes[kChunk];
  std::fill(codes, codes + kChunk, static_cast<Code>(1 << (format_.depth - 1 + format_.shift)));
  for (int64_t y = 0; y < grid_.height; ++y) {
    for (int64_t x = 0; x < grid_.width; x += kChunk) {
      store(codes, codes, x, std::min(kChunk, grid_.width - x), out.cb + y * out.cb_stride,
            out.cr + y * out.cr_stride);
    }
  }
}

}  // namespace cgan
