#pragma once

// Part of loops.h.

#include "model/kernels/loops_common.h"

namespace cgan {
namespace {

// ---- Convolutions in float32 ----

/// kPixels pixels of a panel, whose sums stay in registers.
template <typename V, int kVectors, int kPixels>
CGAN_INLINE void float_block(const FloatPanel& panel, const float* in, int64_t x, float* out) {
  typename V::Floats sums[kPixels][kVectors];
  CGAN_UNROLL for (int p = 0; p < kPixels; ++p) {
    CGAN_UNROLL for (int v = 0; v < kVectors; ++v) sums[p][v] = V::load(panel.bias + v * V::kLanes);
  }
  constexpr int64_t kColumns = V::kFloatPanel * V::kLanes;
  const float* weights = panel.weights;
  for (int64_t t = 0; t < panel.tap_count; ++t) {
    const float* const from = in + panel.taps[t];
    for (int64_t i = 0; i < panel.inputs; ++i, weights += kColumns) {
      typename V::Floats w[kVectors];
      CGAN_UNROLL for (int v = 0; v < kVectors; ++v) w[v] = V::load(weights + v * V::kLanes);
      CGAN_UNROLL for (int p = 0; p < kPixels; ++p) {
        const auto input = V::all(from[p * panel.inputs + i]);
        CGAN_UNROLL for (int v = 0; v < kVectors; ++v) sums[p][v] = V::fma(input, w[v], sums[p][v]);
      }
    }
  }
  CGAN_UNROLL for (int p = 0; p < kPixels; ++p) {
    CGAN_UNROLL for (int v = 0; v < kVectors; ++v) {
      const int64_t first = v * V::kLanes, count = smaller(panel.columns - first, V::kLanes);
      auto value = sums[p][v];
      if (panel.added.first != nullptr)
        value = value + V::load_some(added_to(panel.added, x + p) + first, count);
      V::store_some(V::clip(value, panel.low, panel.high), count, out + p * panel.outputs + first);
    }
  }
}

template <typename V, int kVectors, int kPixels>
CGAN_INLINE void float_pixels(const FloatPanel& panel, const float* in, int64_t pixels, float* out,
                              int64_t& x) {
  for (; x + kPixels <= pixels; x += kPixels)
    float_block<V, kVectors, kPixels>(panel, in + x * panel.inputs, x, out + x * panel.outputs);
}

template <typename V, int kVectors>
void float_run(const FloatPanel& panel, const float* in, int64_t pixels, float* out) {
  constexpr int kPixels = V::kFloatPixels[kVectors - 1];
  int64_t x = 0;
  float_pixels<V, kVectors, kPixels>(panel, in, pixels, out, x);
  float_pixels<V, kVectors, kPixels / 2>(panel, in, pixels, out, x);
  float_pixels<V, kVectors, 1>(panel, in, pixels, out, x);
}

template <typename V>
void float_panel(const FloatPanel& panel, const float* in, int64_t pixels, float* out) {
  static_assert(V::kFloatPanel == 2, "as many forms are made");
  if (panel.columns <= V::kLanes) return float_run<V, 1>(panel, in, pixels, out);
  float_run<V, 2>(panel, in, pixels, out);
}

// ---- Convolutions of bytes ----

struct ToCodes {
  using Sample = uint8_t;
  template <typename V>
  static CGAN_INLINE void store(const typename V::Floats& value, int64_t count, uint8_t* out) {
    V::store_codes(value, count, out);
  }
};
struct ToFloats {
  using Sample = float;
  template <typename V>
  static CGAN_INLINE void store(const typename V::Floats& value, int64_t count, float* out) {
    V::store_some(V::not_below_zero(value), count, out);
  }
};

template <typename V, typename To, int kVectors, int kPixels>
CGAN_INLINE void byte_block(const BytePanel& panel, const uint8_t* in, int64_t x,
                            typename To::Sample* out) {
  constexpr int64_t kGroup = 4;  // inputs that one instruction multiplies and adds
  typename V::Ints sums[kPixels][kVectors];
  CGAN_UNROLL for (int p = 0; p < kPixels; ++p) {
    CGAN_UNROLL for (int v = 0; v < kVectors; ++v) sums[p][v] = V::none();
  }
  const int8_t* weights = panel.weights;
  const int64_t last = larger(panel.inputs - kGroup, 0);
  for (int64_t t = 0; t < panel.tap_count; ++t) {
    const uint8_t* const tap = in + panel.taps[t];
    for (int64_t i = 0; i < panel.inputs; i += kGroup, weights += kVectors * V::kLanes * kGroup) {
      const uint8_t* const from = tap + smaller(i, last);
      typename V::Ints w[kVectors];
      CGAN_UNROLL for (int v = 0; v < kVectors; ++v) w[v] =
          V::load_ints(weights + v * V::kLanes * kGroup);
      CGAN_UNROLL for (int p = 0; p < kPixels; ++p) {
        const auto inputs = V::four(from + p * panel.inputs);
        CGAN_UNROLL for (int v = 0; v < kVectors; ++v) V::dot_bytes(sums[p][v], inputs, w[v]);
      }
    }
  }
  CGAN_UNROLL for (int v = 0; v < kVectors; ++v) {
    const int64_t first = v * V::kLanes, count = smaller(panel.columns - first, V::kLanes);
    const auto factors = V::load(panel.factors + first), offsets = V::load(panel.offsets + first);
    const auto added_factor = V::all(panel.added_factor);
    CGAN_UNROLL for (int p = 0; p < kPixels; ++p) {
      auto value = V::fma(V::to_floats(sums[p][v]), factors, offsets);
      if (panel.added.first != nullptr) {
        const uint8_t* const added = added_to(panel.added, x + p) + first;
        value = V::fma(V::load_codes(added, count), added_factor, value);
      }
      To::template store<V>(value, count, out + p * panel.outputs + first);
    }
  }
}

template <typename V, typename To, int kVectors, int kPixels>
CGAN_INLINE void byte_pixels(const BytePanel& panel, const uint8_t* in, int64_t pixels,
                             typename To::Sample* out, int64_t& x) {
  for (; x + kPixels <= pixels; x += kPixels)
    byte_block<V, To, kVectors, kPixels>(panel, in + x * panel.inputs, x, out + x * panel.outputs);
}

template <typename V, typename To, int kVectors>
void byte_run(const BytePanel& panel, const uint8_t* in, int64_t pixels, typename To::Sample* out) {
  constexpr int kPixels = V::kBytePixels[kVectors - 1];
  int64_t x = 0;
  byte_pixels<V, To, kVectors, kPixels>(panel, in, pixels, out, x);
  byte_pixels<V, To, kVectors, kPixels / 2>(panel, in, pixels, out, x);
  byte_pixels<V, To, kVectors, 1>(panel, in, pixels, out, x);
}

template <typename V, typename To>
void byte_panel(const BytePanel& panel, const uint8_t* in, int64_t pixels,
                typename To::Sample* out) {
  const int64_t vectors = (panel.columns + V::kLanes - 1) / V::kLanes;
  if (vectors == 1) return byte_run<V, To, 1>(panel, in, pixels, out);
  if (vectors == 2) return byte_run<V, To, 2>(panel, in, pixels, out);
  if constexpr (V::kBytePanel > 2) {
    if (vectors == 3) return byte_run<V, To, 3>(panel, in, pixels, out);
    byte_run<V, To, 4>(panel, in, pixels, out);
  }
}

}  // namespace
}  // namespace cgan
