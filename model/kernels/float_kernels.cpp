#include "model/kernels/float_kernels.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>

#include "model/kernels/same_padding.h"
#include "model/kernels/wide_loops.h"

namespace cgan {
namespace {

// Nobody calls functions of vectors, CGAN_INLINE all of them: how that would be done does not
// matter.
#pragma GCC diagnostic ignored "-Wpsabi"

template <int kLanes>
struct Vector {
  typedef float Type __attribute__((vector_size(4 * kLanes)));

  static CGAN_INLINE Type load(const float* from) {
    Type value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
  static CGAN_INLINE void store(const Type& value, float* to) {
    std::memcpy(to, &value, sizeof value);
  }
  static CGAN_INLINE Type all(float value) { return Type{} + value; }
  static CGAN_INLINE float sum(const Type& value) {
    typedef float Four __attribute__((vector_size(16)));
    Four parts[kLanes / 4];
    std::memcpy(parts, &value, sizeof value);
    for (int i = 1; i < kLanes / 4; ++i) parts[0] += parts[i];
    return (parts[0][0] + parts[0][1]) + (parts[0][2] + parts[0][3]);
  }
  static CGAN_INLINE Type clipped(const Type& value, Clip clip) {
    const Type low = all(clip.low), high = all(clip.high);
    const Type raised = value < low ? low : value;
    return raised > high ? high : raised;
  }
};

struct Panel {
  const float* weights;  ///< (inputs, columns)
  const float* bias;     ///< (columns)
  int64_t inputs, outputs;
  Clip clip;
};

constexpr int kPanelVectors = 2;

/// kPixels pixels of one panel, whose sums stay in registers.
/// @param columns of the panel that are outputs
template <int kLanes, int kPixels, int kVectors>
CGAN_INLINE void pointwise_block(const Panel& panel, const float* in, float* out, int64_t columns) {
  using V = Vector<kLanes>;
  constexpr int64_t kColumns = kPanelVectors * kLanes;
  typename V::Type sums[kPixels][kVectors];
#pragma GCC unroll 16
  for (int p = 0; p < kPixels; ++p)
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) sums[p][v] = V::load(panel.bias + v * kLanes);
  const float* weights = panel.weights;
  for (int64_t i = 0; i < panel.inputs; ++i, weights += kColumns) {
    typename V::Type w[kVectors];
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; ++v) w[v] = V::load(weights + v * kLanes);
#pragma GCC unroll 16
    for (int p = 0; p < kPixels; ++p) {
      const float x = in[p * panel.inputs + i];
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v) sums[p][v] += x * w[v];
    }
  }
#pragma GCC unroll 16
  for (int p = 0; p < kPixels; ++p) {
    float* const to = out + p * panel.outputs;
    if (columns >= kVectors * kLanes) {
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v)
        V::store(V::clipped(sums[p][v], panel.clip), to + v * kLanes);
    } else {
      float row[kVectors * kLanes];
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; ++v)
        V::store(V::clipped(sums[p][v], panel.clip), row + v * kLanes);
      std::copy_n(row, columns, to);
    }
  }
}

template <int kLanes, int kPixels>
CGAN_INLINE void pointwise_pixels(const Panel& panel, const float*& in, float*& out,
                                  int64_t columns, int64_t& pixels) {
  for (; pixels >= kPixels; pixels -= kPixels) {
    if (columns > kLanes)
      pointwise_block<kLanes, kPixels, 2>(panel, in, out, columns);
    else
      pointwise_block<kLanes, kPixels, 1>(panel, in, out, columns);
    in += kPixels * panel.inputs;
    out += kPixels * panel.outputs;
  }
}

using RunPanel = void (*)(const Panel&, const float* in, float* out, int64_t columns,
                          int64_t pixels);

/// @tparam kPixels whose sums fill the registers
template <int kLanes, int kPixels>
CGAN_INLINE void pointwise_panel(const Panel& panel, const float* in, float* out, int64_t columns,
                                 int64_t pixels) {
  pointwise_pixels<kLanes, kPixels>(panel, in, out, columns, pixels);
  pointwise_pixels<kLanes, kPixels / 2>(panel, in, out, columns, pixels);
  pointwise_pixels<kLanes, 1>(panel, in, out, columns, pixels);
}

struct DepthwiseRow {
  const float* in;  ///< The whole picture.
  int64_t height, width, channels;
  const float *taps, *bias;
  int64_t y;  ///< Of the output.
  Clip clip;
  float* out;  ///< This row.
};

template <int kKernel, int kStride>
constexpr int64_t kBefore = SamePadding(kKernel, kStride).before;

/// One sample of kLanes channels where taps fall outside of the picture.
template <int kLanes, int kKernel, int kStride>
CGAN_INLINE void depthwise_at_border(const DepthwiseRow& row, int64_t x, int64_t c) {
  using V = Vector<kLanes>;
  constexpr int64_t before = kBefore<kKernel, kStride>;
  auto sum = V::load(row.bias + c);
  for (int64_t v = 0; v < kKernel; ++v) {
    const int64_t from_y = row.y * kStride - before + v;
    if (from_y < 0 || from_y >= row.height) continue;
    for (int64_t u = 0; u < kKernel; ++u) {
      const int64_t from_x = x * kStride - before + u;
      if (from_x < 0 || from_x >= row.width) continue;
      sum += V::load(row.taps + (v * kKernel + u) * row.channels + c) *
             V::load(row.in + (from_y * row.width + from_x) * row.channels + c);
    }
  }
  V::store(V::clipped(sum, row.clip), row.out + x * row.channels + c);
}

template <int kLanes, int kKernel, int kStride>
CGAN_INLINE void depthwise_row(const DepthwiseRow& row) {
  using V = Vector<kLanes>;
  constexpr int64_t before = kBefore<kKernel, kStride>;
  const int64_t width = row.width / kStride, top = row.y * kStride - before;
  const bool is_inside = top >= 0 && top + kKernel <= row.height;
  const int64_t first = is_inside ? std::min(width, (before + kStride - 1) / kStride) : width;
  const int64_t room = row.width - kKernel + before;  // for the taps, at the last x
  const int64_t end = std::max(first, room < 0 ? 0 : room / kStride + 1);
  for (int64_t c = 0; c < row.channels; c += kLanes) {
    for (int64_t x = 0; x < first; ++x) depthwise_at_border<kLanes, kKernel, kStride>(row, x, c);
    typename V::Type taps[kKernel * kKernel];
    for (int64_t k = 0; k < kKernel * kKernel; ++k)
      taps[k] = V::load(row.taps + k * row.channels + c);
    const auto bias = V::load(row.bias + c);
    for (int64_t x = first; x < end; ++x) {
      const float* from = row.in + (top * row.width + x * kStride - before) * row.channels + c;
      auto sum = bias;
#pragma GCC unroll 5
      for (int64_t v = 0; v < kKernel; ++v)
#pragma GCC unroll 5
        for (int64_t u = 0; u < kKernel; ++u)
          sum += taps[v * kKernel + u] * V::load(from + (v * row.width + u) * row.channels);
      V::store(V::clipped(sum, row.clip), row.out + x * row.channels + c);
    }
    for (int64_t x = end; x < width; ++x) depthwise_at_border<kLanes, kKernel, kStride>(row, x, c);
  }
}

template <int kLanes>
CGAN_INLINE void depthwise_any(const DepthwiseRow& row, int64_t kernel, int64_t stride) {
  if (kernel == 3 && stride == 1) depthwise_row<kLanes, 3, 1>(row);
  if (kernel == 3 && stride == 2) depthwise_row<kLanes, 3, 2>(row);
  if (kernel == 5 && stride == 1) depthwise_row<kLanes, 5, 1>(row);
  if (kernel == 5 && stride == 2) depthwise_row<kLanes, 5, 2>(row);
}

using RunRow = void (*)(const DepthwiseRow&, int64_t kernel, int64_t stride);

struct ChromaRow {
  const float* in;  ///< The whole picture.
  int64_t height, width, inputs;
  const float *taps, *bias;
  int64_t y;
  float* out;  ///< This row.
};

using RunChromaRow = void (*)(const ChromaRow&);

/// kPixels pixels side by side, whose sums of products stay in registers.
/// @tparam kBorder whether columns may lie outside of the picture
template <int kLanes, int kPixels, bool kBorder>
CGAN_INLINE void chroma_pixels(const ChromaRow& row, int64_t x) {
  using V = Vector<kLanes>;
  constexpr int kSide = ChromaKernel::kSide, kOutputs = ChromaKernel::kOutputs;
  typename V::Type sums[kPixels][kOutputs] = {};
  for (int64_t v = 0; v < kSide; ++v) {
    const int64_t from_y = row.y + v - kSide / 2;
    if (from_y < 0 || from_y >= row.height) continue;
    for (int64_t c = 0; c < row.inputs; c += kLanes)
#pragma GCC unroll 3
      for (int64_t u = 0; u < kSide; ++u) {
        const int64_t from_x = x + u - kSide / 2;
        if (kBorder && (from_x < 0 || from_x >= row.width)) continue;
        const float* const taps = row.taps + (v * kSide + u) * kOutputs * row.inputs + c;
        const auto cb = V::load(taps), cr = V::load(taps + row.inputs);
        const float* from = row.in + (from_y * row.width + from_x) * row.inputs + c;
#pragma GCC unroll 8
        for (int p = 0; p < kPixels; ++p, from += row.inputs) {
          const auto values = V::load(from);
          sums[p][0] += values * cb;
          sums[p][1] += values * cr;
        }
      }
  }
  for (int p = 0; p < kPixels; ++p)
    for (int o = 0; o < kOutputs; ++o)
      row.out[(x + p) * kOutputs + o] = row.bias[o] + V::sum(sums[p][o]);
}

template <int kLanes>
CGAN_INLINE void chroma_row(const ChromaRow& row) {
  constexpr int kPixels = kLanes == 16 ? 6 : 3;
  int64_t x = 0;
  for (; x < row.width; ++x) {
    for (; x > 0 && x + kPixels < row.width; x += kPixels)
      chroma_pixels<kLanes, kPixels, false>(row, x);
    chroma_pixels<kLanes, 1, true>(row, x);
  }
}

void panel_of_any(const Panel& panel, const float* in, float* out, int64_t columns,
                  int64_t pixels) {
  pointwise_panel<4, 4>(panel, in, out, columns, pixels);
}
void row_of_any(const DepthwiseRow& row, int64_t kernel, int64_t stride) {
  depthwise_any<4>(row, kernel, stride);
}
void chroma_row_of_any(const ChromaRow& row) {
  chroma_row<4>(row);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void panel_of_avx2(const Panel& panel, const float* in,
                                                       float* out, int64_t columns,
                                                       int64_t pixels) {
  pointwise_panel<8, 6>(panel, in, out, columns, pixels);
}
__attribute__((target("avx2,fma"))) void row_of_avx2(const DepthwiseRow& row, int64_t kernel,
                                                     int64_t stride) {
  depthwise_any<8>(row, kernel, stride);
}
__attribute__((target("avx2,fma"))) void chroma_row_of_avx2(const ChromaRow& row) {
  chroma_row<8>(row);
}
__attribute__((target("avx512f"))) void panel_of_avx512(const Panel& panel, const float* in,
                                                        float* out, int64_t columns,
                                                        int64_t pixels) {
  pointwise_panel<16, 12>(panel, in, out, columns, pixels);
}
__attribute__((target("avx512f"))) void row_of_avx512(const DepthwiseRow& row, int64_t kernel,
                                                      int64_t stride) {
  depthwise_any<16>(row, kernel, stride);
}
__attribute__((target("avx512f"))) void chroma_row_of_avx512(const ChromaRow& row) {
  chroma_row<16>(row);
}
#endif

/// The kernels for vectors of so many lanes.
struct Kernels {
  RunPanel run_panel;
  RunRow run_row;
  RunChromaRow run_chroma_row;
};

Kernels kernels_of(int64_t lanes) {
#if defined(__x86_64__)
  if (lanes == 16) return {panel_of_avx512, row_of_avx512, chroma_row_of_avx512};
  if (lanes == 8) return {panel_of_avx2, row_of_avx2, chroma_row_of_avx2};
#endif
  return {panel_of_any, row_of_any, chroma_row_of_any};
}

constexpr int64_t kGrain = 100000;          // multiplications that are worth a thread
constexpr int64_t kPixelsAtATime = 4 * 12;  // whose inputs stay in the cache beside a panel

}  // namespace

int64_t vector_lanes() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return 16;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 8;
#endif
  return 4;
}

PointwiseKernel::PointwiseKernel(const float* weight, const float* bias, int64_t outputs,
                                 int64_t inputs, int64_t lanes)
    : inputs_(inputs), outputs_(outputs), lanes_(lanes) {
  const int64_t columns = kPanelVectors * lanes, panels = (outputs + columns - 1) / columns;
  panels_.assign(panels * inputs * columns, 0.0f);
  bias_.assign(panels * columns, 0.0f);
  for (int64_t o = 0; o < outputs; ++o) {
    if (bias != nullptr) bias_[o] = bias[o];
    float* const to = panels_.data() + o / columns * inputs * columns + o % columns;
    for (int64_t i = 0; i < inputs; ++i) to[i * columns] = weight[o * inputs + i];
  }
}

void PointwiseKernel::run(const float* in, int64_t pixels, Clip clip, float* out) const {
  if (pixels == 0) return;
  const auto run_panel = kernels_of(lanes_).run_panel;
  const int64_t columns = kPanelVectors * lanes_;
  const int64_t panels = static_cast<int64_t>(bias_.size()) / columns;
  const int64_t groups = (pixels + kPixelsAtATime - 1) / kPixelsAtATime;
  const int64_t work = inputs_ * columns * std::min(pixels, kPixelsAtATime);
  at::parallel_for(0, panels * groups, kGrain / work + 1, [&](int64_t first, int64_t last) {
    for (int64_t item = first; item < last; ++item) {
      // All panels for some pixels: their outputs are written side by side.
      const int64_t column = item % panels * columns, begin = item / panels * kPixelsAtATime;
      const Panel panel = {panels_.data() + column * inputs_, bias_.data() + column, inputs_,
                           outputs_, clip};
      run_panel(panel, in + begin * inputs_, out + begin * outputs_ + column, outputs_ - column,
                std::min(kPixelsAtATime, pixels - begin));
    }
  });
}

ChromaKernel::ChromaKernel(const float* weight, const float* bias, int64_t inputs, int64_t lanes)
    : inputs_(inputs), lanes_(lanes), taps_(kSide * kSide * kOutputs * inputs) {
  if (bias != nullptr) std::copy_n(bias, kOutputs, bias_.data());
  for (int64_t i = 0; i < kOutputs * inputs; ++i)
    for (int64_t t = 0; t < kSide * kSide; ++t)
      taps_[t * kOutputs * inputs + i] = weight[i * kSide * kSide + t];
}

void ChromaKernel::run(const float* in, int64_t height, int64_t width, float* out) const {
  const auto run_row = kernels_of(lanes_).run_chroma_row;
  const int64_t work = width * inputs_ * kSide * kSide * kOutputs;
  if (work == 0) return;
  at::parallel_for(0, height, kGrain / work + 1, [&](int64_t first, int64_t last) {
    for (int64_t y = first; y < last; ++y)
      run_row(
          {in, height, width, inputs_, taps_.data(), bias_.data(), y, out + y * width * kOutputs});
  });
}

DepthwiseKernel::DepthwiseKernel(const float* weight, const float* bias, int64_t channels,
                                 int64_t kernel, int64_t stride, int64_t lanes)
    : channels_(channels),
      kernel_(kernel),
      stride_(stride),
      lanes_(lanes),
      taps_(kernel * kernel * channels),
      bias_(channels, 0.0f) {
  if (bias != nullptr) std::copy_n(bias, channels, bias_.data());
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t k = 0; k < kernel * kernel; ++k)
      taps_[k * channels + c] = weight[c * kernel * kernel + k];
}

void DepthwiseKernel::run(const float* in, int64_t height, int64_t width, Clip clip,
                          float* out) const {
  const auto run_row = kernels_of(lanes_).run_row;
  const int64_t row_size = width / stride_ * channels_;
  if (row_size == 0) return;
  at::parallel_for(0, height / stride_, kGrain / (row_size * kernel_ * kernel_) + 1,
                   [&](int64_t first, int64_t last) {
                     for (int64_t y = first; y < last; ++y)
                       run_row({in, height, width, channels_, taps_.data(), bias_.data(), y, clip,
                                out + y * row_size},
                               kernel_, stride_);
                   });
}

}  // namespace cgan
