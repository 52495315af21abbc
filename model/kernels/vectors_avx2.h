#pragma once

// AVX2 and FMA, for loops.h.

#include <immintrin.h>

#include "model/kernels/loops.h"

namespace cgan {
namespace {

struct Avx2 {
  static constexpr int64_t kLanes = 8, kBytePanel = 2, kFloatPanel = 2;
  static constexpr int kBytePixels[] = {8, 5}, kFloatPixels[] = {10, 6};
  static constexpr int kDepthwiseOutputs = 4, kChromaPixels = 3;
  // Two products of a byte and a weight are added in 16 bits, which saturate above 32767: 255 * 2 *
  // 63 does not. So weights have seven bits here.
  static constexpr int64_t kLargestWeight = 63;
  using Floats = __m256;
  using Ints = __m256i;

  static CGAN_INLINE Floats load(const float* from) { return _mm256_loadu_ps(from); }
  static CGAN_INLINE void store(Floats value, float* to) { _mm256_storeu_ps(to, value); }
  static CGAN_INLINE Floats all(float value) { return _mm256_set1_ps(value); }
  static CGAN_INLINE Floats fma(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
  static CGAN_INLINE Floats clip(Floats value, float low, float high) {
    return _mm256_min_ps(_mm256_max_ps(value, all(low)), all(high));
  }
  static CGAN_INLINE Floats not_below_zero(Floats value) {
    return _mm256_max_ps(value, _mm256_setzero_ps());
  }
  static CGAN_INLINE float sum(Floats value) {
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  static CGAN_INLINE Floats to_floats(Ints value) { return _mm256_cvtepi32_ps(value); }

  static CGAN_INLINE Ints none() { return _mm256_setzero_si256(); }
  static CGAN_INLINE Ints load_ints(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
  }
  static CGAN_INLINE Ints four(const uint8_t* bytes) {
    int32_t four;
    __builtin_memcpy(&four, bytes, sizeof four);
    return _mm256_set1_epi32(four);
  }
  static CGAN_INLINE void dot_bytes(Ints& sums, Ints bytes, Ints weights) {
    const Ints pairs = _mm256_maddubs_epi16(bytes, weights);
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
  static CGAN_INLINE void dot_words(Ints& sums, Ints words, Ints weights) {
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(words, weights));
  }

  static CGAN_INLINE Floats load_some(const float* from, int64_t count) {
    if (count >= kLanes) return load(from);
    float lanes[kLanes] = {};
    for (int64_t i = 0; i < count; ++i) lanes[i] = from[i];
    return load(lanes);
  }
  static CGAN_INLINE void store_some(Floats value, int64_t count, float* to) {
    if (count >= kLanes) return store(value, to);
    float lanes[kLanes];
    store(value, lanes);
    for (int64_t i = 0; i < count; ++i) to[i] = lanes[i];
  }
  static CGAN_INLINE Floats load_codes(const uint8_t* from, int64_t count) {
    uint8_t lanes[kLanes] = {};
    __builtin_memcpy(lanes, from, kLanes < count ? kLanes : count);
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(lanes));
    return to_floats(_mm256_cvtepu8_epi32(bytes));
  }
  /// Beyond 255 numbers would become negative.
  static CGAN_INLINE Ints nearest(Floats codes) {
    return _mm256_cvtps_epi32(_mm256_min_ps(codes, all(255)));
  }
  static CGAN_INLINE void store_codes(Floats codes, int64_t count, uint8_t* to) {
    const Ints whole = nearest(codes);
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
    const __m128i bytes = _mm_packus_epi16(words, words);
    if (count >= kLanes) return _mm_storel_epi64(reinterpret_cast<__m128i*>(to), bytes);
    uint8_t lanes[2 * kLanes];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(lanes), bytes);
    __builtin_memcpy(to, lanes, count);
  }

  static CGAN_INLINE Ints words(const uint8_t* bytes) {
    return _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
  }
  static CGAN_INLINE Ints low(Ints a, Ints b) { return _mm256_unpacklo_epi16(a, b); }
  static CGAN_INLINE Ints high(Ints a, Ints b) { return _mm256_unpackhi_epi16(a, b); }
  static CGAN_INLINE void store_block(Floats low, Floats high, uint8_t* to) {
    const Ints words = _mm256_packs_epi32(nearest(low), nearest(high));
    const __m128i bytes =
        _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  }
};

}  // namespace
}  // namespace cgan
