#include "plugin/colorizer/pack.h"

#include <algorithm>
#include <cstring>

namespace cgan {
namespace {

constexpr int kDepth = 8;
constexpr uint8_t kNeutral = 128;

/// Below this distance from black or white a pixel has no room for colour (a tenth of a code).
constexpr float kNoRoom = 1.0f / 2560.0f;

// By value, unlike std::max and std::min, whose references keep gcc 12 from vectorising.
inline float larger(float a, float b) {
  return a > b ? a : b;
}
inline float smaller(float a, float b) {
  return a < b ? a : b;
}

}  // namespace

Packer::Packer(const StreamFormat& format) : format_(format), grid_(format.chroma_grid()) {
  const CodeScale luma = luma_codes(format.range, kDepth);
  luma_scale_ = static_cast<float>(1.0 / luma.scale);
  luma_offset_ = static_cast<float>(-luma.offset / luma.scale);

  const CodeScale chroma = chroma_codes(format.range, kDepth);
  chroma_scale_ = static_cast<float>(chroma.scale);
  chroma_offset_ = static_cast<float>(chroma.offset);
  lowest_ = format.range == Range::kFull ? 0.0f : 16.0f;
  highest_ = format.range == Range::kFull ? 255.0f : 240.0f;

  const std::array<double, 4> conversion = chroma_conversion(Matrix::kBt601, format.matrix);
  std::copy(conversion.begin(), conversion.end(), conversion_.begin());

  const LumaCoefficients k = luma_coefficients(format.matrix);
  red_ = static_cast<float>(2.0 * (1.0 - k.kr));
  blue_ = static_cast<float>(2.0 * (1.0 - k.kb));
  green_cb_ = static_cast<float>(-2.0 * k.kb * (1.0 - k.kb) / k.kg);
  green_cr_ = static_cast<float>(-2.0 * k.kr * (1.0 - k.kr) / k.kg);
}

void Packer::luma_row(const LumaView& frame, int64_t y, float* luma) const {
  const auto signal = [&](float code) {
    return smaller(1.0f, larger(0.0f, code * luma_scale_ + luma_offset_));
  };
  if (grid_.step == 1) {
    const uint8_t* codes = frame.row(y);
    for (int64_t x = 0; x < grid_.width; ++x) luma[x] = signal(codes[x]);
    return;
  }
  const uint8_t* upper = frame.row(2 * y);
  const uint8_t* lower = frame.row(std::min(2 * y + 1, format_.height - 1));
  const int64_t pairs = format_.width / 2;
  for (int64_t x = 0; x < pairs; ++x) {
    const int sum = upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1];
    luma[x] = signal(0.25f * static_cast<float>(sum));
  }
  if (pairs < grid_.width) {
    luma[pairs] = signal(0.5f * static_cast<float>(upper[2 * pairs] + lower[2 * pairs]));
  }
}

void Packer::chroma_row(int64_t y, const float* luma, const float* cb, const float* cr,
                        const CganLook& look, const FrameView& out) const {
  const auto strength = static_cast<float>(look.strength);
  const auto saturation = static_cast<float>(look.saturation);
  const float m0 = saturation * conversion_[0], m1 = saturation * conversion_[1];
  const float m2 = saturation * conversion_[2], m3 = saturation * conversion_[3];

  // Copies: the compiler cannot know that writing codes does not change members.
  const float red_factor = red_, blue_factor = blue_, green_cb = green_cb_, green_cr = green_cr_;
  const float scale = chroma_scale_, offset = chroma_offset_;
  const float lowest_code = lowest_, highest_code = highest_;

  constexpr int64_t kChunk = 256;
  uint8_t cb_codes[kChunk], cr_codes[kChunk];
  uint8_t* cb_row = out.cb + y * out.cb_stride;
  uint8_t* cr_row = out.cr + y * out.cr_stride;
  for (int64_t begin = 0; begin < grid_.width; begin += kChunk) {
    const int64_t count = std::min(kChunk, grid_.width - begin);
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      const float from_cb = cb[begin + i], from_cr = cr[begin + i];
      const float blue = m0 * from_cb + m1 * from_cr;
      const float red = m2 * from_cb + m3 * from_cr;
      const float y_signal = luma[begin + i];
      const float above = 1.0f / larger(1.0f - y_signal, kNoRoom);
      const float below = -1.0f / larger(y_signal, kNoRoom);
      const float dr = red_factor * red, db = blue_factor * blue,
                  dg = green_cb * blue + green_cr * red;
      // How many times the room the farthest of R', G', B' takes.
      const float highest = larger(dr, larger(dg, db));
      const float lowest = smaller(dr, smaller(dg, db));
      const float used = larger(1.0f, larger(highest * above, lowest * below));
      const float factor = strength / used * scale;
      const auto code = [&](float signal) {
        const float value = signal * factor + offset;
        return static_cast<uint8_t>(
            static_cast<int>(smaller(highest_code, larger(lowest_code, value)) + 0.5f));
      };
      cb_codes[i] = code(blue);
      cr_codes[i] = code(red);
    }
    if (out.chroma_pixel_stride == 1) {
      std::memcpy(cb_row + begin, cb_codes, count);
      std::memcpy(cr_row + begin, cr_codes, count);
    } else {
      uint8_t* pairs = cb_row + 2 * begin;
      for (int64_t i = 0; i < count; ++i) {
        pairs[2 * i] = cb_codes[i];
        pairs[2 * i + 1] = cr_codes[i];
      }
    }
  }
}

void Packer::copy_luma(const LumaView& in, const FrameView& out) const {
  if (in.data == out.luma) return;
  for (int64_t y = 0; y < format_.height; ++y) {
    std::memcpy(out.luma + y * out.luma_stride, in.row(y), format_.width);
  }
}

void Packer::write_neutral(const FrameView& out) const {
  const int64_t bytes = grid_.width * out.chroma_pixel_stride;
  for (int64_t y = 0; y < grid_.height; ++y) {
    std::memset(out.cb + y * out.cb_stride, kNeutral, bytes);
    if (out.chroma_pixel_stride == 1) std::memset(out.cr + y * out.cr_stride, kNeutral, bytes);
  }
}

}  // namespace cgan
