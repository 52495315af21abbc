#pragma once

// The loops of row_loops.h over a frame's samples, see row_loops_body.h.

#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/format/sample.h"
#include "plugin/colorizer/pixel/area_mean.h"
#include "plugin/colorizer/pixel/gamut_code.h"
#include "plugin/colorizer/pixel/guided.h"
#include "plugin/colorizer/pixel/hold.h"
#include "plugin/colorizer/pixel/luma_site.h"
#include "plugin/colorizer/pixel/tint.h"

namespace cgan {
namespace {

CGAN_HOST_DEVICE int64_t lesser(int64_t a, int64_t b) {
  return a < b ? a : b;
}
CGAN_HOST_DEVICE int64_t greater(int64_t a, int64_t b) {
  return a > b ? a : b;
}

template <typename Sample>
void work_row_of(const WorkRow& row, float* __restrict sums, float* __restrict work) {
  const int64_t frame_width = row.frame_width;
  const auto* samples = reinterpret_cast<const Sample*>(row.samples);
  const float first_weight = row.lines.first_weight;
  for (int64_t x = 0; x < frame_width; ++x)
    sums[x] = first_weight * static_cast<float>(value_of(samples[x]));
  for (int64_t line = row.lines.first + 1; line <= row.lines.last; ++line) {
    const float weight = line == row.lines.last ? row.lines.last_weight : 1.0f;
    samples = reinterpret_cast<const Sample*>(row.samples + (line - row.lines.first) * row.stride);
    for (int64_t x = 0; x < frame_width; ++x)
      sums[x] = pixel::area_step(sums[x], weight, static_cast<float>(value_of(samples[x])));
  }
  for (int64_t x = 0; x < row.width; ++x) {
    const Span& columns = row.columns[x];
    float sum = columns.first_weight * sums[columns.first];
    for (int64_t i = columns.first + 1; i < columns.last; ++i) sum += sums[i];
    if (columns.last > columns.first)
      sum = pixel::area_step(sum, columns.last_weight, sums[columns.last]);
    work[x] = pixel::work_luma(sum, row.scale, row.offset);
  }
}

void work_row(const WorkRow& row, float* sums, float* work) {
  if (row.sample_bytes == 1) return work_row_of<Sample8>(row, sums, work);
  work_row_of<Sample16>(row, sums, work);
}

// Four times the largest sample has to fit.
template <typename Sample>
struct SumOf {
  using Type = int32_t;
};
template <>
struct SumOf<Sample8> {
  using Type = uint16_t;
};

template <typename Sample, pixel::Cover kAcross, pixel::Cover kDown>
void guide_row_of(const GuideRow& row, float* __restrict luma) {
  using pixel::Cover;
  using Sum = typename SumOf<Sample>::Type;
  // Chroma samples at a time: their column sums stay in the first cache.
  constexpr int64_t kChunk = 256, kStep = kAcross == Cover::kPixel ? 1 : 2;
  const float scale = row.scale, offset = row.offset;
  const auto* const above = reinterpret_cast<const Sample*>(row.above);
  const auto* const own = reinterpret_cast<const Sample*>(row.own);
  const auto* const below = reinterpret_cast<const Sample*>(row.below);
  const auto column = [=](int64_t x) __attribute__((always_inline)) {
    return static_cast<Sum>(
        pixel::covered<kDown>(value_of(above[x]), value_of(own[x]), value_of(below[x])));
  };

  Sum sums[kStep * kChunk + 1];
  Sum* const columns = sums + 1;  // the pixel before the first one belongs to kThree
  for (int64_t begin = 0; begin < row.width; begin += kChunk) {
    const int64_t count = lesser(kChunk, row.width - begin);
    const int64_t first = kStep * begin;
    const int64_t pixels = lesser(kStep * count, row.frame_width - first);
    columns[-1] = column(greater(first - 1, 0));
#pragma omp simd
    for (int64_t x = 0; x < pixels; ++x) columns[x] = column(first + x);
    if (pixels < kStep * count) columns[pixels] = columns[pixels - 1];
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      const int before = kAcross == Cover::kThree ? columns[kStep * i - 1] : 0;
      const int after = kAcross == Cover::kPixel ? 0 : columns[kStep * i + 1];
      const int sum = pixel::covered<kAcross>(before, columns[kStep * i], after);
      luma[begin + i] = pixel::site_luma(sum, scale, offset);
    }
  }
}

/// Rows are not shared where columns are not.
template <typename Sample>
void guide_row_by(const GuideRow& row, float* luma) {
  using pixel::Cover;
  if (row.across == Cover::kPixel)
    return guide_row_of<Sample, Cover::kPixel, Cover::kPixel>(row, luma);
  if (row.across == Cover::kPair) {
    if (row.down == Cover::kPixel)
      return guide_row_of<Sample, Cover::kPair, Cover::kPixel>(row, luma);
    if (row.down == Cover::kPair)
      return guide_row_of<Sample, Cover::kPair, Cover::kPair>(row, luma);
    return guide_row_of<Sample, Cover::kPair, Cover::kThree>(row, luma);
  }
  if (row.down == Cover::kPixel)
    return guide_row_of<Sample, Cover::kThree, Cover::kPixel>(row, luma);
  if (row.down == Cover::kPair) return guide_row_of<Sample, Cover::kThree, Cover::kPair>(row, luma);
  guide_row_of<Sample, Cover::kThree, Cover::kThree>(row, luma);
}

void guide_row(const GuideRow& row, float* luma) {
  if (row.sample_bytes == 1) return guide_row_by<Sample8>(row, luma);
  guide_row_by<Sample16>(row, luma);
}

template <int kScale>
void moments_row_of(const FitRow& row) {
  const float *const luma = row.luma, *const from_cb = row.cb, *const from_cr = row.cr;
  const int64_t stride = row.luma_stride, width = row.width;
  float *const mean = row.planes[0], *const square = row.planes[1], *const cb = row.planes[2];
  float *const cr = row.planes[3], *const with_cb = row.planes[4], *const with_cr = row.planes[5];
#pragma omp simd
  for (int64_t x = 0; x < width; ++x) {
    const float guide = pixel::fit_luma<kScale>(luma, stride, x);
    mean[x] = guide;
    square[x] = guide * guide;
    cb[x] = from_cb[x];
    cr[x] = from_cr[x];
    with_cb[x] = guide * from_cb[x];
    with_cr[x] = guide * from_cr[x];
  }
}

void moments_row(const FitRow& row) {
  if (row.scale == 1) return moments_row_of<1>(row);
  moments_row_of<2>(row);
}

template <int kScale>
void rests_row_of(const FitRow& row) {
  const float *const luma = row.luma, *const from_cb = row.cb, *const from_cr = row.cr;
  const int64_t stride = row.luma_stride, width = row.width;
  const float *const cb_slope = row.planes[0], *const cr_slope = row.planes[1];
  float *const cb = row.planes[2], *const cr = row.planes[3];
#pragma omp simd
  for (int64_t x = 0; x < width; ++x) {
    const float guide = pixel::fit_luma<kScale>(luma, stride, x);
    cb[x] = pixel::guided_rest(from_cb[x], cb_slope[x], guide);
    cr[x] = pixel::guided_rest(from_cr[x], cr_slope[x], guide);
  }
}

void rests_row(const FitRow& row) {
  if (row.scale == 1) return rests_row_of<1>(row);
  rests_row_of<2>(row);
}

CGAN_HOST_DEVICE float mean_at_border(const float* in, int64_t width, int64_t x) {
  const int64_t first = greater(0, x - kFitRadius), last = lesser(width - 1, x + kFitRadius);
  float sum = 0.0f;
  for (int64_t i = first; i <= last; ++i) sum += in[i];
  return sum / static_cast<float>(last - first + 1);
}

void row_means(const float* __restrict in, int64_t width, float* __restrict out) {
  const int64_t begin = lesser(kFitRadius, width), end = greater(begin, width - kFitRadius);
  for (int64_t x = 0; x < begin; ++x) out[x] = mean_at_border(in, width, x);
  for (int64_t x = begin; x < end; ++x) {
    float sum = 0.0f;
    for (int64_t i = -kFitRadius; i <= kFitRadius; ++i) sum += in[x + i];
    out[x] = sum / static_cast<float>(2 * kFitRadius + 1);
  }
  for (int64_t x = end; x < width; ++x) out[x] = mean_at_border(in, width, x);
}

void column_means(const float* const* rows, int64_t count, int64_t width, float* __restrict out) {
  const float weight = 1.0f / static_cast<float>(count);
  for (int64_t x = 0; x < width; ++x) out[x] = 0.0f;
  for (int64_t i = 0; i < count; ++i) {
    const float* const row = rows[i];
    for (int64_t x = 0; x < width; ++x) out[x] += weight * row[x];
  }
}

void slopes(float* const* planes, int64_t count, float variance_floor) {
  float *const mean = planes[0], *const square = planes[1];
  const float *const cb = planes[2], *const cr = planes[3];
  const float *const with_cb = planes[4], *const with_cr = planes[5];
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float luma = mean[i];
    const float inverse = pixel::guided_inverse(luma, square[i], variance_floor);
    mean[i] = pixel::guided_slope(with_cb[i], luma, cb[i], inverse);
    square[i] = pixel::guided_slope(with_cr[i], luma, cr[i], inverse);
  }
}

void guided_row(const float* upper, const float* lower, int64_t width, float share,
                const float* luma, float* cb, float* cr) {
#pragma omp simd
  for (int64_t x = 0; x < width; ++x) {
    cb[x] = pixel::guided_chroma(upper[x], lower[x], upper[2 * width + x], lower[2 * width + x],
                                 share, luma[x]);
    cr[x] = pixel::guided_chroma(upper[width + x], lower[width + x], upper[3 * width + x],
                                 lower[3 * width + x], share, luma[x]);
  }
}

template <typename Code>
void chroma_codes_of(const CodeRun& run, Code* cb_codes, Code* cr_codes) {
  // Copies: the compiler cannot know that writing codes does not change what lies elsewhere.
  const pixel::GamutConstants of_stream = run.gamut;
  const pixel::LookConstants of_look = run.look;
  const float *const luma = run.luma, *const cb = run.cb, *const cr = run.cr;
  const int64_t count = run.count;
  // One byte knows no shift.
  const int shift = sizeof(Code) == 1 ? 0 : run.shift;
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const pixel::ChromaCodes codes = pixel::gamut_codes(cb[i], cr[i], luma[i], of_stream, of_look);
    cb_codes[i] = static_cast<Code>(codes.cb << shift);
    cr_codes[i] = static_cast<Code>(codes.cr << shift);
  }
}

void chroma_codes(const CodeRun& run, void* cb, void* cr) {
  if (run.sample_bytes == 1)
    return chroma_codes_of(run, static_cast<uint8_t*>(cb), static_cast<uint8_t*>(cr));
  chroma_codes_of(run, static_cast<uint16_t*>(cb), static_cast<uint16_t*>(cr));
}

template <typename Code>
void hold_codes_of(const HeldRun& run, Code* __restrict codes, Code* __restrict held) {
  const Code tolerance = static_cast<Code>(run.tolerance), neutral = static_cast<Code>(run.neutral);
  const int64_t count = run.count;
#pragma omp simd
  for (int64_t i = 0; i < count; ++i)
    codes[i] = held[i] = pixel::held_code(codes[i], held[i], tolerance, neutral);
}

void hold_codes(const HeldRun& run, void* codes, void* held) {
  if (run.sample_bytes == 1)
    return hold_codes_of(run, static_cast<uint8_t*>(codes), static_cast<uint8_t*>(held));
  hold_codes_of(run, static_cast<uint16_t*>(codes), static_cast<uint16_t*>(held));
}

Tint tint_of_tone(const ToneRun& run, float tone, const float* cb, const float* cr) {
  // As many sums whatever the vectors: the same order of additions.
  constexpr int kSums = 16;
  float weights[kSums] = {}, cbs[kSums] = {}, crs[kSums] = {};
  const float *const position = run.position, *const counts = run.weights;
  const auto add = [&](int64_t i, int at) __attribute__((always_inline)) {
    const float share = counts[i] * pixel::tone_share(tone, position[i]);
    weights[at] += share;
    cbs[at] += share * cb[i];
    crs[at] += share * cr[i];
  };
  int64_t i = 0;
  for (; i + kSums <= run.count; i += kSums) {
#pragma omp simd
    for (int at = 0; at < kSums; ++at) add(i + at, at);
  }
  for (int at = 0; i < run.count; ++i, ++at) add(i, at);
  float weight = 0.0f, sum_cb = 0.0f, sum_cr = 0.0f;
  for (int at = 0; at < kSums; ++at) {
    weight += weights[at];
    sum_cb += cbs[at];
    sum_cr += crs[at];
  }
  const float inverse = weight > 0.0f ? 1.0f / weight : 0.0f;
  return {sum_cb * inverse, sum_cr * inverse};
}

void take_tint(const ToneRun& run, float tone, const Tint& tint, float* __restrict cb,
               float* __restrict cr) {
  const float* const position = run.position;
  const float tint_cb = tint.cb, tint_cr = tint.cr;
  for (int64_t i = 0; i < run.count; ++i) {
    const float share = pixel::tone_share(tone, position[i]);
    cb[i] -= share * tint_cb;
    cr[i] -= share * tint_cr;
  }
}

void tint_counts(const float* __restrict cb, const float* __restrict cr, int64_t count,
                 float* __restrict counts) {
  for (int64_t i = 0; i < count; ++i) counts[i] = pixel::tint_count(cb[i], cr[i]);
}

}  // namespace
}  // namespace cgan
