#include "model/kernels/byte_kernels.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "model/kernels/same_padding.h"
#include "model/kernels/wide_loops.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define CGAN_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#endif

namespace cgan {
namespace {

constexpr int64_t kGroup = 4;    // inputs that one instruction multiplies and adds
constexpr int64_t kVector = 16;  // outputs of one instruction
constexpr int64_t kPanelVectors = 4, kPanel = kPanelVectors * kVector;

/// Weights as multiples of a scale, which is such that the largest has the type's largest size.
template <typename Weight>
struct Rounded {
  Rounded(const float* weights, int64_t count) : scale(1) {
    double largest = 0;
    for (int64_t i = 0; i < count; ++i) largest = std::max<double>(largest, std::abs(weights[i]));
    if (largest > 0) scale = largest / std::numeric_limits<Weight>::max();
  }
  Weight operator()(float weight) const { return static_cast<Weight>(std::lround(weight / scale)); }
  double scale;
};

int64_t panels_of(int64_t outputs) {
  return (outputs + kPanel - 1) / kPanel;
}
int64_t groups_of(int64_t inputs) {
  return (inputs + kGroup - 1) / kGroup;
}
/// The last group overlaps the one before where inputs do not fill it.
int64_t first_input(int64_t group, int64_t inputs) {
  return std::min(group * kGroup, inputs - kGroup);
}

// Sixteen numbers of 32 bits are a vector. The two halves of a block are what unpacking leaves in
// the low and the high part of every quarter of a vector.
constexpr int64_t kBlock = ByteDepthwiseKernel::kLeastChannels, kHalf = kBlock / 2;

/// Half and place in it of a channel within its block.
int64_t place(int64_t channel) {
  return channel % 8 / 4 * kHalf + channel / 8 * 4 + channel % 4;
}

int64_t blocks_of(int64_t channels) {
  return (channels + kBlock - 1) / kBlock;
}

/// The last block overlaps the one before where channels do not fill it.
int64_t first_channel(int64_t block, int64_t channels) {
  return std::min(block * kBlock, channels - kBlock);
}

#ifdef CGAN_VNNI

#ifndef __clang__
// gcc 12 says so of its own intrinsics (its bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

constexpr int64_t kGrain = 200000;  // multiplications that are worth a thread
constexpr int64_t kLargestKernel = 5;
// Pixels at a time: of a large picture so many that they stay in the cache for all panels, of a
// small one so few that panels can be shared out evenly.
constexpr int64_t kManyPixels = 96, kFewPixels = 24, kSmallPicture = 1000;
static_assert(kManyPixels % 6 == 0 && kManyPixels % 8 == 0 && kFewPixels % 6 == 0 &&
                  kFewPixels % 8 == 0,
              "blocks of six and eight pixels fill them");

struct Block {
  std::array<const uint8_t*, kLargestKernel> rows;  ///< At the block's first channel.
  int64_t width, channels;
  const int16_t* taps;
  const float *factors, *offsets;
};

CGAN_VNNI CGAN_INLINE __m512i load(const uint8_t* bytes) {
  return _mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes)));
}

// As instructions: with gcc 12's intrinsics every sum is copied before and after.
CGAN_VNNI CGAN_INLINE void multiply_add_words(__m512i inputs, __m512i weights, __m512i& sums) {
  asm("vpdpwssd %2, %1, %0" : "+v"(sums) : "v"(inputs), "vm"(weights));
}
CGAN_VNNI CGAN_INLINE void multiply_add_bytes(__m512i inputs, __m512i weights, __m512i& sums) {
  asm("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(inputs), "v"(weights));
}

/// Up to 255; beyond, numbers would become negative.
CGAN_VNNI CGAN_INLINE __m512i nearest(__m512 codes) {
  return _mm512_cvtps_epi32(_mm512_min_ps(codes, _mm512_set1_ps(255)));
}

/// kOutputs samples side by side, whose sums stay in registers.
/// @param first column of the input of the first tap of the first sample
/// @param out of which `count` are written
template <int kKernel, int kStride, int kOutputs>
CGAN_VNNI CGAN_INLINE void outputs_of(const Block& block, int64_t first, int64_t count,
                                      uint8_t* out) {
  constexpr int kPairs = (kKernel + 1) / 2, kColumns = (kOutputs - 1) * kStride + kKernel;
  __m512i sums[kOutputs][2];
#pragma GCC unroll 8
  for (int t = 0; t < kOutputs; ++t) sums[t][0] = sums[t][1] = _mm512_setzero_si512();
#pragma GCC unroll 32
  for (int c = 0; c < kColumns; ++c) {
    const int64_t x = first + c;
    if (x < 0 || x >= block.width) continue;
#pragma GCC unroll 4
    for (int p = 0; p < kPairs; ++p) {
      const auto upper = load(block.rows[2 * p] + x * block.channels);
      const auto lower = 2 * p + 1 < kKernel ? load(block.rows[2 * p + 1] + x * block.channels)
                                             : _mm512_setzero_si512();
      const auto low = _mm512_unpacklo_epi16(upper, lower);
      const auto high = _mm512_unpackhi_epi16(upper, lower);
#pragma GCC unroll 8
      for (int t = 0; t < kOutputs; ++t) {
        const int u = c - t * kStride;
        if (u < 0 || u >= kKernel) continue;
        const int16_t* const taps = block.taps + (p * kKernel + u) * 2 * kBlock;
        multiply_add_words(low, _mm512_loadu_si512(taps), sums[t][0]);
        multiply_add_words(high, _mm512_loadu_si512(taps + kBlock), sums[t][1]);
      }
    }
  }
#pragma GCC unroll 8
  for (int t = 0; t < kOutputs; ++t) {
    if (t >= count) return;
    __m512i codes[2];
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half)
      codes[half] = nearest(_mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[t][half]),
                                            _mm512_loadu_ps(block.factors + half * kHalf),
                                            _mm512_loadu_ps(block.offsets + half * kHalf)));
    const auto words =
        _mm512_max_epi16(_mm512_packs_epi32(codes[0], codes[1]), _mm512_setzero_si512());
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + t * block.channels),
                        _mm512_cvtusepi16_epi8(words));
  }
}

/// A row of a block.
template <int kKernel, int kStride>
CGAN_VNNI void block_row(const Block& block, uint8_t* out) {
  constexpr int kMany = 8, kFew = 4;
  constexpr int64_t kBefore = SamePadding(kKernel, kStride).before;
  const int64_t width = block.width / kStride;
  int64_t x = 0;
  for (; width - x > kFew; x += kMany)
    outputs_of<kKernel, kStride, kMany>(block, x * kStride - kBefore, width - x,
                                        out + x * block.channels);
  if (x < width)
    outputs_of<kKernel, kStride, kFew>(block, x * kStride - kBefore, width - x,
                                       out + x * block.channels);
}

struct Panel {
  const int8_t* taps;
  const float *factors, *offsets;
  int64_t inputs, outputs;
  __mmask16 last;  ///< What of the last vector are outputs.
  float added_factor, added_offset;
};

/// One panel of kPixels pixels, whose sums stay in registers.
/// @param added (kPixels) rows of codes, where kAdds
template <int kVectors, int kPixels, bool kAdds>
CGAN_VNNI CGAN_INLINE void pointwise_block(const Panel& panel, const uint8_t* in,
                                           const uint8_t* const* added, uint8_t* out) {
  __m512i sums[kPixels][kVectors];
#pragma GCC unroll 8
  for (int p = 0; p < kPixels; ++p)
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) sums[p][v] = _mm512_setzero_si512();
  const int8_t* taps = panel.taps;
  for (int64_t g = 0; g < groups_of(panel.inputs); ++g, taps += kVectors * kVector * kGroup) {
    const uint8_t* const from = in + first_input(g, panel.inputs);
    __m512i weights[kVectors];
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) weights[v] = _mm512_loadu_si512(taps + v * kVector * kGroup);
#pragma GCC unroll 8
    for (int p = 0; p < kPixels; ++p) {
      int32_t four;
      std::memcpy(&four, from + p * panel.inputs, sizeof four);
      const auto inputs = _mm512_set1_epi32(four);
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) multiply_add_bytes(inputs, weights[v], sums[p][v]);
    }
  }
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) {
    const __mmask16 present = v + 1 == kVectors ? panel.last : static_cast<__mmask16>(-1);
    const auto factors = _mm512_loadu_ps(panel.factors + v * kVector);
    auto offsets = _mm512_loadu_ps(panel.offsets + v * kVector);
    if (kAdds) offsets = _mm512_add_ps(offsets, _mm512_set1_ps(panel.added_offset));
#pragma GCC unroll 8
    for (int p = 0; p < kPixels; ++p) {
      auto codes = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[p][v]), factors, offsets);
      if (kAdds) {
        const auto bytes = _mm_maskz_loadu_epi8(present, added[p] + v * kVector);
        codes = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes)),
                                _mm512_set1_ps(panel.added_factor), codes);
      }
      const auto whole = _mm512_max_epi32(nearest(codes), _mm512_setzero_si512());
      _mm_mask_storeu_epi8(out + p * panel.outputs + v * kVector, present,
                           _mm512_cvtusepi32_epi8(whole));
    }
  }
}

/// Where the codes lie that are added to a pixel's.
struct AddedRows {
  const uint8_t* first;  ///< At the panel's first output.
  int64_t outputs, blocks_across;

  const uint8_t* operator()(int64_t pixel) const {
    if (blocks_across == 0) return first + pixel * outputs;
    // Of 32 bits, whose division takes a third of the time.
    const auto width = static_cast<uint32_t>(2 * blocks_across);
    const uint32_t y = static_cast<uint32_t>(pixel) / width;
    const uint32_t x = static_cast<uint32_t>(pixel) - y * width;
    const int64_t block = y / 2 * blocks_across + x / 2;
    return first + (block * 4 + y % 2 * 2 + x % 2) * outputs;
  }
};

template <int kVectors, int kPixels, bool kAdds>
CGAN_VNNI CGAN_INLINE void pointwise_pixels(const Panel& panel, const uint8_t* in,
                                            const AddedRows& added, uint8_t* out, int64_t& begin,
                                            int64_t end) {
  for (; begin + kPixels <= end; begin += kPixels) {
    const uint8_t* rows[kPixels];
    if (kAdds)
      for (int p = 0; p < kPixels; ++p) rows[p] = added(begin + p);
    pointwise_block<kVectors, kPixels, kAdds>(panel, in + begin * panel.inputs, rows,
                                              out + begin * panel.outputs);
  }
}

template <int kVectors, bool kAdds>
CGAN_VNNI void pointwise_panel(const Panel& panel, const uint8_t* in, const AddedRows& added,
                               uint8_t* out, int64_t begin, int64_t end) {
  constexpr int kPixels = kVectors == kPanelVectors ? 6 : 8;
  pointwise_pixels<kVectors, kPixels, kAdds>(panel, in, added, out, begin, end);
  pointwise_pixels<kVectors, 1, kAdds>(panel, in, added, out, begin, end);
}

using RunPanel = void (*)(const Panel&, const uint8_t* in, const AddedRows&, uint8_t* out,
                          int64_t begin, int64_t end);

template <bool kAdds>
RunPanel panel_of(int64_t vectors) {
  constexpr RunPanel kPanels[] = {pointwise_panel<1, kAdds>, pointwise_panel<2, kAdds>,
                                  pointwise_panel<3, kAdds>, pointwise_panel<4, kAdds>};
  return kPanels[vectors - 1];
}

#endif

}  // namespace

bool byte_kernels_run_here() {
#ifdef CGAN_VNNI
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

void OutputCodes::prepare(double in_scale, int64_t in_zero, const Rounding& output) {
  const auto zero = static_cast<double>(in_zero), out_zero = static_cast<double>(output.zero);
  const std::array<double, 4> wanted = {in_scale, zero, output.scale, out_zero};
  if (wanted == prepared_) return;
  prepared_ = wanted;
  for (size_t i = 0; i < scales_.size(); ++i) {
    const double factor = in_scale * scales_[i] / output.scale;
    factors_[i] = static_cast<float>(factor);
    offsets_[i] =
        static_cast<float>(biases_[i] / output.scale + out_zero - factor * zero * sums_[i]);
  }
}

ByteDepthwiseKernel::ByteDepthwiseKernel(const Convolution& convolution, int64_t stride)
    : channels_(convolution.weight.size(0)),
      kernel_(convolution.weight.size(2)),
      stride_(stride),
      codes_(blocks_of(channels_) * kBlock) {
  const int64_t pairs = (kernel_ + 1) / 2, taps = kernel_ * kernel_;
  const int64_t taps_of_block = 2 * pairs * kernel_ * kBlock;
  taps_.assign(blocks_of(channels_) * taps_of_block, 0);
  const auto weight = convolution.weight.contiguous();
  const auto bias = convolution.bias.defined() ? convolution.bias.contiguous() : convolution.bias;
  for (int64_t i = 0; i < blocks_of(channels_) * kBlock; ++i) {
    const int64_t block = i / kBlock, at = place(i % kBlock);
    const int64_t channel = first_channel(block, channels_) + i % kBlock;
    const float* const from = weight.data_ptr<float>() + channel * taps;
    const Rounded<int16_t> rounded(from, taps);
    for (int64_t v = 0; v < kernel_; ++v)
      for (int64_t u = 0; u < kernel_; ++u) {
        const int64_t vector = (v / 2 * kernel_ + u) * 2 + at / kHalf;
        taps_[block * taps_of_block + vector * kBlock + at % kHalf * 2 + v % 2] =
            rounded(from[v * kernel_ + u]);
      }
    codes_.set(block * kBlock + at, rounded.scale, 0,
               bias.defined() ? bias.data_ptr<float>()[channel] : 0);
  }
}

void ByteDepthwiseKernel::run([[maybe_unused]] const Codes& in, [[maybe_unused]] int64_t height,
                              [[maybe_unused]] int64_t width,
                              [[maybe_unused]] const Rounding& output,
                              [[maybe_unused]] uint8_t* out) {
#ifdef CGAN_VNNI
  zeros_.resize(width * channels_);
  codes_.prepare(in.scale, 0, output);
  using RunRow = void (*)(const Block&, uint8_t*);
  const RunRow run_row = kernel_ == 3 ? (stride_ == 1 ? block_row<3, 1> : block_row<3, 2>)
                                      : (stride_ == 1 ? block_row<5, 1> : block_row<5, 2>);
  const int64_t pairs = (kernel_ + 1) / 2, before = SamePadding(kernel_, stride_).before;
  const int64_t row_size = width / stride_ * channels_;
  if (row_size == 0) return;
  at::parallel_for(0, height / stride_, kGrain / (row_size * kernel_ * kernel_) + 1,
                   [&](int64_t begin, int64_t end) {
                     Block block = {{}, width, channels_, nullptr, nullptr, nullptr};
                     // All rows of one block: its taps, and the rows that the next one needs again,
                     // stay near.
                     for (int64_t b = 0; b < blocks_of(channels_); ++b) {
                       const int64_t first = first_channel(b, channels_);
                       block.taps = taps_.data() + b * 2 * pairs * kernel_ * kBlock;
                       block.factors = codes_.factors() + b * kBlock;
                       block.offsets = codes_.offsets() + b * kBlock;
                       for (int64_t y = begin; y < end; ++y) {
                         for (int64_t v = 0; v < kernel_; ++v) {
                           const int64_t line = y * stride_ - before + v;
                           const bool is_inside = line >= 0 && line < height;
                           block.rows[v] =
                               (is_inside ? in.bytes + line * width * channels_ : zeros_.data()) +
                               first;
                         }
                         run_row(block, out + y * row_size + first);
                       }
                     }
                   });
#endif
}

BytePointwiseKernel::BytePointwiseKernel(const Convolution& convolution)
    : inputs_(convolution.weight.size(1)),
      outputs_(convolution.weight.size(0)),
      taps_(panels_of(outputs_) * groups_of(inputs_) * kPanel * kGroup, 0),
      codes_(panels_of(outputs_) * kPanel) {
  const auto weight = convolution.weight.contiguous();
  const auto bias = convolution.bias.defined() ? convolution.bias.contiguous() : convolution.bias;
  for (int64_t o = 0; o < outputs_; ++o) {
    const float* const from = weight.data_ptr<float>() + o * inputs_;
    const Rounded<int8_t> rounded(from, inputs_);
    const int64_t first = o / kPanel * kPanel;  // output of the panel
    const int64_t columns = (std::min(kPanel, outputs_ - first) + kVector - 1) / kVector * kVector;
    double sum = 0;
    for (int64_t i = 0; i < inputs_; ++i) {
      const int64_t group = i / kGroup;
      const int64_t at = first * groups_of(inputs_) + group * columns + o - first;
      taps_[at * kGroup + i - first_input(group, inputs_)] = rounded(from[i]);
      sum += rounded(from[i]);
    }
    codes_.set(o, rounded.scale, sum, bias.defined() ? bias.data_ptr<float>()[o] : 0);
  }
}

void BytePointwiseKernel::run([[maybe_unused]] const Codes& in, [[maybe_unused]] int64_t pixels,
                              [[maybe_unused]] const Added& added,
                              [[maybe_unused]] const Rounding& output,
                              [[maybe_unused]] uint8_t* out) {
#ifdef CGAN_VNNI
  if (pixels == 0) return;
  codes_.prepare(in.scale, in.zero, output);
  const bool adds = added.codes.bytes != nullptr, is_small = pixels < kSmallPicture;
  const double added_factor = adds ? added.codes.scale / output.scale : 0;
  const double added_offset = -added_factor * static_cast<double>(added.codes.zero);
  const int64_t length = is_small ? kFewPixels : kManyPixels;
  const int64_t chunks = (pixels + length - 1) / length, panels = panels_of(outputs_);
  const int64_t work = inputs_ * std::min(kPanel, outputs_) * std::min(length, pixels);
  at::parallel_for(0, chunks * panels, kGrain / work + 1, [&](int64_t first, int64_t last) {
    for (int64_t item = first; item < last; ++item) {
      const int64_t chunk = is_small ? item % chunks : item / panels;
      const int64_t column = (is_small ? item / chunks : item % panels) * kPanel;
      const int64_t columns = std::min(kPanel, outputs_ - column);
      const int64_t vectors = (columns + kVector - 1) / kVector;
      const int64_t of_last = columns - (vectors - 1) * kVector;
      const Panel panel = {taps_.data() + column * groups_of(inputs_) * kGroup,
                           codes_.factors() + column,
                           codes_.offsets() + column,
                           inputs_,
                           outputs_,
                           static_cast<__mmask16>((1U << of_last) - 1),
                           static_cast<float>(added_factor),
                           static_cast<float>(added_offset)};
      const AddedRows rows = {added.codes.bytes + (adds ? column : 0), outputs_,
                              added.blocks_across};
      const auto run_panel = adds ? panel_of<true>(vectors) : panel_of<false>(vectors);
      run_panel(panel, in.bytes, rows, out + column, chunk * length,
                std::min((chunk + 1) * length, pixels));
    }
  });
#endif
}

}  // namespace cgan
