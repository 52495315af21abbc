#pragma once

// Block search in AVX2, for row_loops_body.h.

#include <immintrin.h>

#include "plugin/colorizer/cpu/temporal_loops.h"

namespace cgan {
namespace {

/// The places of a window in one row of the reference, all at a time: vmpsadbw compares four pixels
/// at eight places in each half of a vector. Finds what PlainSearch finds.
struct Avx2Search {
  // Places -7..8 along the row, of which the last is left out.
  static_assert(pixel::kRange == 7 && pixel::kWindow == 16, "as many as a vector has words");

  static CGAN_HOST_DEVICE __m256i two(const uint8_t* low, const uint8_t* high) {
    const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(low));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(first),
                                   _mm_loadu_si128(reinterpret_cast<const __m128i*>(high)), 1);
  }

  /// Adds half_difference() of each place.
  static CGAN_HOST_DEVICE __m256i add_half(__m256i sums, const uint8_t* window,
                                           const uint8_t* first, int64_t stride) {
    for (int64_t row = 0; row < pixel::kWindow; row += 4) {
      const uint8_t* const from = first + row * stride;
      const __m256i wanted = _mm256_broadcastsi128_si256(
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(window + row * stride)));
      const __m256i left = two(from, from + 8), right = two(from + 8, from + 16);
      // Of both halves: which four of the window, and whether at four pixels on.
      const __m256i a = _mm256_add_epi16(_mm256_mpsadbw_epu8(left, wanted, 0b000'000),
                                         _mm256_mpsadbw_epu8(left, wanted, 0b101'101));
      const __m256i b = _mm256_add_epi16(_mm256_mpsadbw_epu8(right, wanted, 0b010'010),
                                         _mm256_mpsadbw_epu8(right, wanted, 0b111'111));
      sums = _mm256_add_epi16(sums, _mm256_add_epi16(a, b));
    }
    return sums;
  }

  static bool find(const uint8_t* window, const uint8_t* place, int64_t stride, int cost,
                   int& least, int& x) {
    constexpr short kOne = pixel::kLengthCost;
    const uint8_t* const first = place - pixel::kRange;
    // The cost of a window stays below 2^15.
    const __m256i lengths =
        _mm256_setr_epi16(7 * kOne, 6 * kOne, 5 * kOne, 4 * kOne, 3 * kOne, 2 * kOne, kOne, 0, kOne,
                          2 * kOne, 3 * kOne, 4 * kOne, 5 * kOne, 6 * kOne, 7 * kOne, 8 * kOne);
    const __m256i half =
        add_half(_mm256_add_epi16(lengths, _mm256_set1_epi16(static_cast<short>(cost))), window,
                 first, stride);
    if (smallest(half) >= least) return false;
    const __m256i sums = add_half(half, window + 2 * stride, first + 2 * stride, stride);
    // Of equals the first, as _mm_minpos_epu16 finds it.
    const __m128i none = _mm_setr_epi16(0, 0, 0, 0, 0, 0, 0, -1);
    const __m128i low = _mm_minpos_epu16(_mm256_castsi256_si128(sums));
    const __m128i high = _mm_minpos_epu16(_mm_or_si128(_mm256_extracti128_si256(sums, 1), none));
    const bool is_low = _mm_extract_epi16(low, 0) <= _mm_extract_epi16(high, 0);
    const __m128i best = is_low ? low : high;
    const int sum = _mm_extract_epi16(best, 0);
    if (sum >= least) return false;
    least = sum;
    x = _mm_extract_epi16(best, 1) + (is_low ? 0 : 8) - static_cast<int>(pixel::kRange);
    return true;
  }

  static CGAN_HOST_DEVICE int smallest(__m256i words) {
    return _mm_extract_epi16(_mm_minpos_epu16(_mm_min_epu16(_mm256_castsi256_si128(words),
                                                            _mm256_extracti128_si256(words, 1))),
                             0);
  }
};

}  // namespace
}  // namespace cgan
