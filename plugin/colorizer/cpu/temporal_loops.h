#pragma once

// The loops of row_loops.h over pictures at work size, see row_loops_body.h.

#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/pixel/detail.h"
#include "plugin/colorizer/pixel/exposure.h"
#include "plugin/colorizer/pixel/match.h"
#include "plugin/colorizer/pixel/mix.h"
#include "plugin/colorizer/pixel/motion.h"

namespace cgan {
namespace {

// Sums of few numbers are written out: so short a loop inside would not be vectorised.

void detail_row(const float* const* rows, int64_t width, float* __restrict sums,
                uint8_t* __restrict codes) {
  constexpr int64_t kRadius = pixel::kDetailRadius;
  static_assert(kRadius == 4, "the sums below are written out");
  const float *const r0 = rows[0], *const r1 = rows[1], *const r2 = rows[2], *const r3 = rows[3];
  const float *const r4 = rows[4], *const r5 = rows[5], *const r6 = rows[6], *const r7 = rows[7];
  const float* const r8 = rows[8];
  float* const to = sums + kRadius;
#pragma omp simd
  for (int64_t x = 0; x < width; ++x) {
    to[x] = pixel::sum_of_nine(r0[x], r1[x], r2[x], r3[x], r4[x], r5[x], r6[x], r7[x], r8[x]);
  }
  for (int64_t i = 1; i <= kRadius; ++i) {
    to[-i] = to[0];
    to[width - 1 + i] = to[width - 1];
  }
#pragma omp simd
  for (int64_t x = 0; x < width; ++x) {
    const float* s = sums + x;
    const float sum = pixel::sum_of_nine(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8]);
    codes[x] = static_cast<uint8_t>(pixel::detail_code(r4[x], sum));
  }
}

int window_difference(const uint8_t* a, const uint8_t* b, int64_t stride) {
  return pixel::window_difference(a, b, stride);
}

int cell_difference(const uint8_t* a, const uint8_t* b, int64_t stride) {
  return pixel::cell_difference(a, b, stride);
}

int flat_difference(const uint8_t* codes, int64_t stride) {
  return pixel::flat_difference(codes, stride);
}

/// The places of a window in one row of the reference, one after the other.
struct PlainSearch {
  /// @param place of the window at motion 0 along the row
  /// @param cost of the motion down
  /// @param least, x brought up to date where a place costs less
  /// @return whether one does
  static bool find(const uint8_t* window, const uint8_t* place, int64_t stride, int cost,
                   int& least, int& x) {
    bool is_found = false;
    for (int i = -static_cast<int>(pixel::kRange); i <= pixel::kRange; ++i) {
      int sum = pixel::half_difference(window, place + i, stride) + cost +
                pixel::kLengthCost * __builtin_abs(i);
      if (sum >= least) continue;
      sum += pixel::half_difference(window + 2 * stride, place + i + 2 * stride, stride);
      if (sum >= least) continue;
      least = sum;
      x = i;
      is_found = true;
    }
    return is_found;
  }
};

template <typename Search>
void search_blocks(const BlockRow& row, pixel::Motion* found) {
  constexpr int kRange = pixel::kRange;
  for (int64_t block = 0; block < row.blocks; ++block) {
    const uint8_t* const window = row.present + block * pixel::kBlock;
    const uint8_t* const centre = row.reference + block * pixel::kBlock;
    const int standing = window_difference(window, centre, row.stride);
    int least = standing, best_x = 0, best_y = 0;
    if (standing > row.still) {
      for (int y = -kRange; y <= kRange; ++y) {
        if (Search::find(window, centre + y * row.stride, row.stride,
                         pixel::kLengthCost * __builtin_abs(y), least, best_x))
          best_y = y;
      }
      if (pixel::stands(standing, least)) best_x = best_y = 0;
    }
    found[block].x = static_cast<int16_t>(best_x);
    found[block].y = static_cast<int16_t>(best_y);
  }
}

void excess_row(const MatchRow& row, float* __restrict excess, float* __restrict level) {
  const float *const luma = row.luma, *const above = row.above, *const below = row.below;
  const float* const other = row.compensated;
  const int64_t width = row.width;
  const auto find = [=](int64_t x, int64_t left, int64_t right) __attribute__((always_inline)) {
    level[x] = luma[x] - other[x];
    excess[x] = pixel::luma_excess(level[x], luma[left], luma[right], above[x], below[x]);
  };
#pragma omp simd
  for (int64_t x = 1; x < width - 1; ++x) find(x, x - 1, x + 1);
  find(0, 0, width > 1 ? 1 : 0);
  find(width - 1, width > 1 ? width - 2 : 0, width - 1);
}

static_assert(kMatchRadius == 2, "the sums of windows are written out");

void window_sums(const float* in, int64_t width, float* out) {
#pragma omp simd
  for (int64_t x = 0; x < width; ++x) {
    const float* v = in + x;
    out[x] = pixel::sum_of_five(v[-2], v[-1], v[0], v[1], v[2]);
  }
}

void confidence_row(const float* const* lines, int64_t width, float scale, float* confidence) {
  const float *const a = lines[0], *const b = lines[1], *const c = lines[2], *const d = lines[3];
  const float* const e = lines[4];
#pragma omp simd
  for (int64_t x = 0; x < width; ++x)
    confidence[x] =
        pixel::match_confidence(pixel::sum_of_five(a[x], b[x], c[x], d[x], e[x]), scale);
}

void level_row(const float* const* lines, int64_t width, float* level) {
  const float *const a = lines[0], *const b = lines[1], *const c = lines[2], *const d = lines[3];
  const float* const e = lines[4];
#pragma omp simd
  for (int64_t x = 0; x < width; ++x)
    level[x] = pixel::match_level(pixel::sum_of_five(a[x], b[x], c[x], d[x], e[x]));
}

void expose(float gain, float offset, int64_t count, float* luma) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) luma[i] = pixel::exposed(luma[i], gain, offset);
}

int64_t drift(const float* level, const float* confidence, const float* age, float share,
              int64_t count, float* drift) {
  int32_t uncertain = 0;
#pragma omp simd reduction(+ : uncertain)
  for (int64_t i = 0; i < count; ++i) {
    drift[i] = pixel::next_drift(drift[i], level[i], confidence[i], share);
    uncertain += pixel::is_uncertain(confidence[i], age[i]);
  }
  return uncertain;
}

void mix(const MixRun& run, float* luma, float* cb, float* cr, float* age) {
  const float *const new_luma = run.luma, *const new_cb = run.cb, *const new_cr = run.cr;
  const float *const confidence = run.confidence, *const drift = run.drift;
  const float strength = run.strength;
  const int64_t count = run.count;
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float keep = pixel::kept_share(age[i], drift[i], confidence[i], strength);
    luma[i] = pixel::between(new_luma[i], luma[i], keep);
    cb[i] = pixel::between(new_cb[i], cb[i], keep);
    cr[i] = pixel::between(new_cr[i], cr[i], keep);
    age[i] = pixel::next_age(age[i], confidence[i]);
  }
}

void renew(const float* present, const float* confidence, int64_t count, float* luma, float* age) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const bool trusted = confidence[i] >= pixel::kTrusted;
    luma[i] = trusted ? luma[i] : present[i];
    age[i] = trusted ? age[i] : 0.0f;
  }
}

void widen_row(const float* __restrict in, int64_t width, float* __restrict out) {
  for (int64_t x = 0; x < width / 2; ++x) out[2 * x] = out[2 * x + 1] = in[x];
}

void halve_rows(const float* upper, const float* lower, int64_t width, float* __restrict out) {
  for (int64_t x = 0; x < width; ++x) {
    out[x] = pixel::mean_of_four(upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]);
  }
}

}  // namespace
}  // namespace cgan
