#pragma once

// AVX-512 F, BW, DQ and VL, for loops.h.

#include <immintrin.h>

#include "model/kernels/loops.h"

#ifndef __clang__
// gcc 12 says so of its own intrinsics (its bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace cgan {
namespace {

struct Avx512 {
  static constexpr int64_t kLanes = 16, kBytePanel = 4, kFloatPanel = 2;
  static constexpr int kBytePixels[] = {12, 12, 8, 6}, kFloatPixels[] = {12, 12};
  static constexpr int kDepthwiseOutputs = 8, kChromaPixels = 6;
  // As with AVX2.
  static constexpr int64_t kLargestWeight = 63;
  using Floats = __m512;
  using Ints = __m512i;

  static CGAN_INLINE Floats load(const float* from) { return _mm512_loadu_ps(from); }
  static CGAN_INLINE void store(Floats value, float* to) { _mm512_storeu_ps(to, value); }
  static CGAN_INLINE Floats all(float value) { return _mm512_set1_ps(value); }
  static CGAN_INLINE Floats fma(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
  static CGAN_INLINE Floats clip(Floats value, float low, float high) {
    return _mm512_min_ps(_mm512_max_ps(value, all(low)), all(high));
  }
  static CGAN_INLINE Floats not_below_zero(Floats value) {
    return _mm512_max_ps(value, _mm512_setzero_ps());
  }
  static CGAN_INLINE float sum(Floats value) { return _mm512_reduce_add_ps(value); }
  static CGAN_INLINE Floats to_floats(Ints value) { return _mm512_cvtepi32_ps(value); }

  static CGAN_INLINE Ints none() { return _mm512_setzero_si512(); }
  static CGAN_INLINE Ints load_ints(const void* from) { return _mm512_loadu_si512(from); }
  static CGAN_INLINE Ints four(const uint8_t* bytes) {
    int32_t four;
    __builtin_memcpy(&four, bytes, sizeof four);
    return _mm512_set1_epi32(four);
  }
  static CGAN_INLINE void dot_bytes(Ints& sums, Ints bytes, Ints weights) {
    const Ints pairs = _mm512_maddubs_epi16(bytes, weights);
    sums = _mm512_add_epi32(sums, _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
  }
  static CGAN_INLINE void dot_words(Ints& sums, Ints words, Ints weights) {
    sums = _mm512_add_epi32(sums, _mm512_madd_epi16(words, weights));
  }

  static CGAN_INLINE __mmask16 first(int64_t count) {
    return static_cast<__mmask16>(count >= kLanes ? 0xffff : (1U << count) - 1);
  }
  static CGAN_INLINE Floats load_some(const float* from, int64_t count) {
    return _mm512_maskz_loadu_ps(first(count), from);
  }
  static CGAN_INLINE void store_some(Floats value, int64_t count, float* to) {
    _mm512_mask_storeu_ps(to, first(count), value);
  }
  static CGAN_INLINE Floats load_codes(const uint8_t* from, int64_t count) {
    return to_floats(_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(first(count), from)));
  }
  /// Beyond 255 numbers would become negative.
  static CGAN_INLINE Ints nearest(Floats codes) {
    return _mm512_cvtps_epi32(_mm512_min_ps(codes, all(255)));
  }
  static CGAN_INLINE void store_codes(Floats codes, int64_t count, uint8_t* to) {
    const Ints whole = _mm512_max_epi32(nearest(codes), none());
    _mm_mask_storeu_epi8(to, first(count), _mm512_cvtusepi32_epi8(whole));
  }

  static CGAN_INLINE Ints words(const uint8_t* bytes) {
    return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes)));
  }
  static CGAN_INLINE Ints low(Ints a, Ints b) { return _mm512_unpacklo_epi16(a, b); }
  static CGAN_INLINE Ints high(Ints a, Ints b) { return _mm512_unpackhi_epi16(a, b); }
  static CGAN_INLINE void store_block(Floats low, Floats high, uint8_t* to) {
    const Ints words = _mm512_max_epi16(_mm512_packs_epi32(nearest(low), nearest(high)), none());
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtusepi16_epi8(words));
  }
};

}  // namespace
}  // namespace cgan
