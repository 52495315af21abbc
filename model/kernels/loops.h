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

#include "model/kernels/convolution_loops.h"
#include "model/kernels/depthwise_loops.h"
#include "model/kernels/kernels.h"
#include "model/kernels/loops_common.h"

namespace cgan {
namespace {

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
