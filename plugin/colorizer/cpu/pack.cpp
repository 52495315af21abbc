#include "plugin/colorizer/cpu/pack.h"

#include <algorithm>

#include "model/kernels/wide_loops.h"
#include "plugin/colorizer/cpu/chroma_store.h"

namespace cgan {
namespace {

/// Chroma of the warmest middle gray.
constexpr double kWarmest = 0.06;

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

template <typename Code>
CGAN_WIDE void Packer::write_row(int64_t y, int64_t first, const float* luma, const float* cb,
                                 const float* cr, const CganLook& look, ChromaHold& hold,
                                 const FrameView& out) const {
  const auto strength = static_cast<float>(look.strength);
  const auto saturation = static_cast<float>(look.saturation);
  const float m0 = saturation * conversion_[0], m1 = saturation * conversion_[1];
  const float m2 = saturation * conversion_[2], m3 = saturation * conversion_[3];
  const auto warmest = static_cast<float>(4.0 * kWarmest * look.warmth);
  const float warm_blue = warmest * (conversion_[1] - conversion_[0]);
  const float warm_red = warmest * (conversion_[3] - conversion_[2]);

  // Copies: the compiler cannot know that writing codes does not change members.
  const float red_factor = red_, blue_factor = blue_, green_cb = green_cb_, green_cr = green_cr_;
  const float scale = scale_, offset = offset_, no_room = no_room_;
  const float lowest_code = lowest_, highest_code = highest_;
  const int shift = format_.shift;
  Code* const cb_held = hold.row<Code>(y);
  Code* const cr_held = cb_held + grid_.width;

  Code cb_codes[kChromaChunk], cr_codes[kChromaChunk];
  for (int64_t begin = first; begin < grid_.width; begin += kChromaChunk) {
    const int64_t count = std::min(kChromaChunk, grid_.width - begin);
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      const float from_cb = cb[begin + i], from_cr = cr[begin + i];
      const float y_signal = luma[begin + i];
      const float middle = y_signal * (1.0f - y_signal);
      const float blue = m0 * from_cb + m1 * from_cr + warm_blue * middle;
      const float red = m2 * from_cb + m3 * from_cr + warm_red * middle;
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
    hold.pass(cb_codes, count, cb_held + begin);
    hold.pass(cr_codes, count, cr_held + begin);
    store_chroma(format_, cb_codes, cr_codes, begin, count, out.cb + y * out.cb_stride,
                 out.cr + y * out.cr_stride);
  }
}

void Packer::chroma_row(int64_t y, int64_t first, const float* luma, const float* cb,
                        const float* cr, const CganLook& look, ChromaHold& hold,
                        const FrameView& out) const {
  if (format_.sample_bytes() == 1) {
    write_row<uint8_t>(y, first, luma, cb, cr, look, hold, out);
  } else {
    write_row<uint16_t>(y, first, luma, cb, cr, look, hold, out);
  }
}

void Packer::write_neutral(const FrameView& out) const {
  for (int64_t y = 0; y < grid_.height; ++y) {
    uint8_t* const cb = out.cb + y * out.cb_stride;
    uint8_t* const cr = out.cr + y * out.cr_stride;
    format_.sample_bytes() == 1 ? store_neutral_chroma<uint8_t>(format_, grid_.width, cb, cr)
                                : store_neutral_chroma<uint16_t>(format_, grid_.width, cb, cr);
  }
}

}  // namespace cgan
