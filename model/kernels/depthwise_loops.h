#pragma once

// Part of loops.h.

#include "model/kernels/loops_common.h"
#include "model/kernels/same_padding.h"

namespace cgan {
namespace {

// ---- Depthwise convolutions in float32 ----

template <int kKernel, int kStride>
constexpr int64_t kBefore = SamePadding(kKernel, kStride).before;

/// One sample of kLanes channels where taps fall outside of the picture.
template <typename V, int kKernel, int kStride>
CGAN_INLINE void float_depthwise_at_border(const FloatDepthwiseRow& row, int64_t x, int64_t c) {
  constexpr int64_t before = kBefore<kKernel, kStride>;
  auto sum = V::load(row.bias + c);
  for (int64_t v = 0; v < kKernel; ++v) {
    const int64_t from_y = row.y * kStride - before + v;
    if (from_y < 0 || from_y >= row.height) continue;
    for (int64_t u = 0; u < kKernel; ++u) {
      const int64_t from_x = x * kStride - before + u;
      if (from_x < 0 || from_x >= row.width) continue;
      sum = V::fma(V::load(row.taps + (v * kKernel + u) * row.channels + c),
                   V::load(row.in + (from_y * row.width + from_x) * row.channels + c), sum);
    }
  }
  V::store(V::clip(sum, row.low, row.high), row.out + x * row.channels + c);
}

/// kOutputs samples side by side, all of whose taps lie within the picture.
template <typename V, int kKernel, int kStride, int kOutputs>
CGAN_INLINE void float_depthwise_inside(const FloatDepthwiseRow& row, int64_t x, int64_t c) {
  constexpr int64_t before = kBefore<kKernel, kStride>;
  constexpr int kColumns = (kOutputs - 1) * kStride + kKernel;
  const int64_t top = row.y * kStride - before;
  typename V::Floats sums[kOutputs];
  CGAN_UNROLL for (int o = 0; o < kOutputs; ++o) sums[o] = V::load(row.bias + c);
  for (int64_t v = 0; v < kKernel; ++v) {
    const float* const from =
        row.in + ((top + v) * row.width + x * kStride - before) * row.channels + c;
    const float* const taps = row.taps + v * kKernel * row.channels + c;
    CGAN_UNROLL for (int column = 0; column < kColumns; ++column) {
      const auto input = V::load(from + column * row.channels);
      CGAN_UNROLL for (int o = 0; o < kOutputs; ++o) {
        const int u = column - o * kStride;
        if (u < 0 || u >= kKernel) continue;
        sums[o] = V::fma(input, V::load(taps + u * row.channels), sums[o]);
      }
    }
  }
  CGAN_UNROLL for (int o = 0; o < kOutputs; ++o)
      V::store(V::clip(sums[o], row.low, row.high), row.out + (x + o) * row.channels + c);
}

template <typename V, int kKernel, int kStride>
void float_depthwise_row(const FloatDepthwiseRow& row) {
  constexpr int64_t before = kBefore<kKernel, kStride>;
  constexpr int kMany = 4;
  const int64_t width = row.width / kStride, top = row.y * kStride - before;
  const bool is_inside = top >= 0 && top + kKernel <= row.height;
  const int64_t first = is_inside ? smaller(width, (before + kStride - 1) / kStride) : width;
  const int64_t room = row.width - kKernel + before;  // for the taps, at the last x
  const int64_t end = larger(first, room < 0 ? 0 : room / kStride + 1);
  for (int64_t c = 0; c < row.channels; c += V::kLanes) {
    int64_t x = 0;
    for (; x < first; ++x) float_depthwise_at_border<V, kKernel, kStride>(row, x, c);
    for (; x + kMany <= end; x += kMany)
      float_depthwise_inside<V, kKernel, kStride, kMany>(row, x, c);
    for (; x < end; ++x) float_depthwise_inside<V, kKernel, kStride, 1>(row, x, c);
    for (; x < width; ++x) float_depthwise_at_border<V, kKernel, kStride>(row, x, c);
  }
}

template <typename V>
void float_depthwise(const FloatDepthwiseRow& row, int64_t kernel, int64_t stride) {
  if (kernel == 3)
    return stride == 1 ? float_depthwise_row<V, 3, 1>(row) : float_depthwise_row<V, 3, 2>(row);
  return stride == 1 ? float_depthwise_row<V, 5, 1>(row) : float_depthwise_row<V, 5, 2>(row);
}

// ---- Depthwise convolutions of bytes: two rows are multiplied at a time ----

/// kOutputs samples side by side, whose sums stay in registers.
/// @param first column of the input of the first tap of the first sample
/// @param out of which `count` are written
template <typename V, int kKernel, int kStride, int kOutputs>
CGAN_INLINE void byte_depthwise_outputs(const ByteDepthwiseRow& row, int64_t first, int64_t count,
                                        uint8_t* out) {
  constexpr int kPairs = (kKernel + 1) / 2, kColumns = (kOutputs - 1) * kStride + kKernel;
  constexpr int64_t kBlock = 2 * V::kLanes;
  typename V::Ints sums[kOutputs][2];
  CGAN_UNROLL for (int t = 0; t < kOutputs; ++t) sums[t][0] = sums[t][1] = V::none();
  CGAN_UNROLL for (int c = 0; c < kColumns; ++c) {
    const int64_t x = first + c;
    if (x < 0 || x >= row.width) continue;
    CGAN_UNROLL for (int p = 0; p < kPairs; ++p) {
      const auto upper = V::words(row.rows[2 * p] + x * row.channels);
      const auto lower =
          2 * p + 1 < kKernel ? V::words(row.rows[2 * p + 1] + x * row.channels) : V::none();
      const auto low = V::low(upper, lower), high = V::high(upper, lower);
      CGAN_UNROLL for (int t = 0; t < kOutputs; ++t) {
        const int u = c - t * kStride;
        if (u < 0 || u >= kKernel) continue;
        const int16_t* const taps = row.taps + (p * kKernel + u) * 2 * kBlock;
        V::dot_words(sums[t][0], low, V::load_ints(taps));
        V::dot_words(sums[t][1], high, V::load_ints(taps + kBlock));
      }
    }
  }
  CGAN_UNROLL for (int t = 0; t < kOutputs; ++t) {
    if (t >= count) return;
    const auto low = V::fma(V::to_floats(sums[t][0]), V::load(row.factors), V::load(row.offsets));
    const auto high = V::fma(V::to_floats(sums[t][1]), V::load(row.factors + V::kLanes),
                             V::load(row.offsets + V::kLanes));
    V::store_block(low, high, out + t * row.channels);
  }
}

template <typename V, int kKernel, int kStride>
void byte_depthwise_row(const ByteDepthwiseRow& row) {
  constexpr int kMany = V::kDepthwiseOutputs, kFew = (kMany + 1) / 2;
  constexpr int64_t before = kBefore<kKernel, kStride>;
  const int64_t width = row.width / kStride;
  int64_t x = 0;
  for (; width - x > kFew; x += kMany)
    byte_depthwise_outputs<V, kKernel, kStride, kMany>(row, x * kStride - before, width - x,
                                                       row.out + x * row.channels);
  for (; x < width; x += kFew)
    byte_depthwise_outputs<V, kKernel, kStride, kFew>(row, x * kStride - before, width - x,
                                                      row.out + x * row.channels);
}

template <typename V>
void byte_depthwise(const ByteDepthwiseRow& row, int64_t kernel, int64_t stride) {
  if (kernel == 3)
    return stride == 1 ? byte_depthwise_row<V, 3, 1>(row) : byte_depthwise_row<V, 3, 2>(row);
  return stride == 1 ? byte_depthwise_row<V, 5, 1>(row) : byte_depthwise_row<V, 5, 2>(row);
}

}  // namespace
}  // namespace cgan
