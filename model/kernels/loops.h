#pragma once

// The loops of kernels.h over vectors of any width. A source per instruction set includes this
// once, with the flags of the set, and makes a table of `TableOf<Vectors>`. All that is here has
// internal linkage, and nothing of the standard library is called: code of one instruction set that
// the linker shared with others would run where it cannot.
//
// Vectors, a struct of static functions, has
//   kLanes                  numbers of 32 bits in a vector
//   kBytePanel, kFloatPanel  vectors of outputs in a panel
//   kBytePixels, kFloatPixels  pixels at a time for 1, 2 .. vectors, whose sums stay in registers
//   kLargestWeight          see Kernels
//   Floats, Ints            vectors
//   kDepthwiseOutputs, kChromaPixels  likewise
//   load, store, all, fma, clip, not_below_zero, sum (of all lanes), to_floats
//   none, load_ints, four (the same four bytes in each lane)
//   dot_bytes(sums, u8, s8)  adds each lane's four products; dot_words: its two
//   load_some, store_some, load_codes, store_codes  of the first lanes only
//   words (as many as a vector has, of bytes), low, high (interleaved words of two vectors),
//   store_block (codes of what low and high became)

#include "model/kernels/kernels.h"
#include "model/kernels/same_padding.h"

#define CGAN_INLINE inline __attribute__((always_inline))
// GCC copies arrays of vectors to memory unless loops over them are unrolled before.
#define CGAN_UNROLL _Pragma("GCC unroll 32")

namespace cgan {
namespace {

CGAN_INLINE int64_t smaller(int64_t a, int64_t b) {
  return a < b ? a : b;
}
CGAN_INLINE int64_t larger(int64_t a, int64_t b) {
  return a > b ? a : b;
}

template <typename Sample>
CGAN_INLINE const Sample* added_to(const AddedRun<Sample>& added, int64_t x) {
  return added.first + x / 2 * added.pair + x % 2 * added.pixel;
}

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

// ---- The first and the last layer ----

template <typename V, typename Store>
CGAN_INLINE void stem_row(const StemRow& row, const Store& store) {
  constexpr int kTaps = 9;
  for (int64_t c = 0; c < row.outputs; c += V::kLanes) {
    typename V::Floats taps[kTaps];
    CGAN_UNROLL for (int t = 0; t < kTaps; ++t) taps[t] = V::load(row.taps + t * row.outputs + c);
    const auto bias = V::load(row.bias + c);
    for (int64_t x = 0; x < row.width; ++x) {
      auto sum = bias;
      CGAN_UNROLL for (int t = 0; t < kTaps; ++t) sum =
          V::fma(taps[t], V::all(row.rows[t / 3][2 * x + t % 3]), sum);
      store(sum, x * row.outputs + c);
    }
  }
}

template <typename V>
void stem_floats(const StemRow& row, float low, float high, float* out) {
  stem_row<V>(row, [=](const typename V::Floats& sum, int64_t at) {
    V::store(V::clip(sum, low, high), out + at);
  });
}

template <typename V>
void stem_bytes(const StemRow& row, uint8_t* out) {
  stem_row<V>(row, [=](const typename V::Floats& sum, int64_t at) {
    V::store_codes(sum, V::kLanes, out + at);
  });
}

/// kPixels pixels side by side, whose sums of products stay in registers. Vectors are of inputs.
/// @tparam kBorder whether columns may lie outside of the picture
template <typename V, int kPixels, bool kBorder>
CGAN_INLINE void chroma_pixels(const ChromaRow& row, int64_t x) {
  constexpr int kSide = 3, kOutputs = 2;
  typename V::Floats sums[kPixels][kOutputs];
  CGAN_UNROLL for (int p = 0; p < kPixels; ++p) sums[p][0] = sums[p][1] = V::all(0);
  for (int64_t v = 0; v < kSide; ++v) {
    const int64_t from_y = row.y + v - kSide / 2;
    if (from_y < 0 || from_y >= row.height) continue;
    for (int64_t c = 0; c < row.inputs; c += V::kLanes) {
      CGAN_UNROLL for (int64_t u = 0; u < kSide; ++u) {
        const int64_t from_x = x + u - kSide / 2;
        if (kBorder && (from_x < 0 || from_x >= row.width)) continue;
        const float* const taps = row.taps + (v * kSide + u) * kOutputs * row.inputs + c;
        const int64_t count = row.inputs - c;
        const auto cb = V::load_some(taps, count), cr = V::load_some(taps + row.inputs, count);
        const float* const from = row.in + (from_y * row.width + from_x) * row.inputs + c;
        CGAN_UNROLL for (int p = 0; p < kPixels; ++p) {
          const auto values = V::load_some(from + p * row.inputs, count);
          sums[p][0] = V::fma(values, cb, sums[p][0]);
          sums[p][1] = V::fma(values, cr, sums[p][1]);
        }
      }
    }
  }
  for (int p = 0; p < kPixels; ++p) {
    row.cb[x + p] = row.bias[0] + V::sum(sums[p][0]);
    row.cr[x + p] = row.bias[1] + V::sum(sums[p][1]);
  }
}

/// tanh(x) / 2 to within 1e-7: the rational approximation of Eigen's ptanh, odd over even powers,
/// where |x| is no larger than what float32 tells from 1.
CGAN_INLINE void half_tanh(int64_t count, float* values) {
  for (int64_t i = 0; i < count; ++i) {
    constexpr float kLargest = 7.90531110763549805f;
    const float above = values[i] > -kLargest ? values[i] : -kLargest;
    const float x = above < kLargest ? above : kLargest, x2 = x * x;
    float odd = -2.76076847742355e-16f;
    odd = odd * x2 + 2.00018790482477e-13f;
    odd = odd * x2 + -8.60467152213735e-11f;
    odd = odd * x2 + 5.12229709037114e-08f;
    odd = odd * x2 + 1.48572235717979e-05f;
    odd = odd * x2 + 6.37261928875436e-04f;
    odd = odd * x2 + 4.89352455891786e-03f;
    float even = 1.19825839466702e-06f;
    even = even * x2 + 1.18534705686654e-04f;
    even = even * x2 + 2.26843463243900e-03f;
    even = even * x2 + 4.89352518554385e-03f;
    values[i] = 0.5f * x * odd / even;
  }
}

template <typename V>
void chroma(const ChromaRow& row) {
  constexpr int kPixels = V::kChromaPixels;
  for (int64_t x = 0; x < row.width; ++x) {
    for (; x > 0 && x + kPixels < row.width; x += kPixels) chroma_pixels<V, kPixels, false>(row, x);
    chroma_pixels<V, 1, true>(row, x);
  }
  half_tanh(row.width, row.cb);
  half_tanh(row.width, row.cr);
}

template <typename V>
constexpr Kernels table_of(InstructionSet set) {
  return {set,
          V::kLanes,
          V::kFloatPanel * V::kLanes,
          V::kBytePanel * V::kLanes,
          V::kLargestWeight,
          float_panel<V>,
          byte_panel<V, ToCodes>,
          byte_panel<V, ToFloats>,
          float_depthwise<V>,
          byte_depthwise<V>,
          stem_floats<V>,
          stem_bytes<V>,
          chroma<V>};
}

}  // namespace
}  // namespace cgan
