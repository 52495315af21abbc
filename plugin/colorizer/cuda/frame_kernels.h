#pragma once

#include <cstddef>
#include <cstdint>

#include "plugin/colorizer/cuda/launch.h"
#include "plugin/colorizer/format/plane_view.h"
#include "plugin/colorizer/format/sample.h"
#include "plugin/colorizer/format/work_size.h"
#include "plugin/colorizer/pixel/area_mean.h"
#include "plugin/colorizer/pixel/convert.h"
#include "plugin/colorizer/pixel/gamut_code.h"
#include "plugin/colorizer/pixel/guided.h"
#include "plugin/colorizer/pixel/hold.h"
#include "plugin/colorizer/pixel/luma_site.h"
#include "plugin/colorizer/pixel/numbers.h"
#include "plugin/colorizer/pixel/tint.h"
#include "plugin/colorizer/plan/taps.h"

/// The passes over a frame as kernels of one thread a sample, see launch.h: the same bits as the
/// loops over rows of the CPU, for products and sums are rounded one by one in the same order.
/// Pointers are those of the device; views of frames as in plane_view.h.
namespace cgan::cuda {

using pixel::clamped;

CGAN_HOST_DEVICE void store(int value, Sample8& to) {
  to = static_cast<Sample8>(value);
}
CGAN_HOST_DEVICE void store(int value, Sample16& to) {
  to.bits = static_cast<uint16_t>(value);
}

/// @param plane, stride as in the views
template <typename Sample>
CGAN_HOST_DEVICE const Sample* row_of(const uint8_t* plane, ptrdiff_t stride, int64_t y) {
  return reinterpret_cast<const Sample*>(plane + y * stride);
}
template <typename Sample>
CGAN_HOST_DEVICE Sample* row_of(uint8_t* plane, ptrdiff_t stride, int64_t y) {
  return reinterpret_cast<Sample*>(plane + y * stride);
}

/// See WorkCopyPlan; its margin is made with the rest, from the same samples.
template <typename Sample>
struct WorkCopyKernel {
  const uint8_t* luma;
  ptrdiff_t stride;
  const Span *columns, *rows;
  WorkSize size;
  float scale, offset;
  float* work;  ///< (padded_height, padded_width), written

  Extent extent() const { return {size.padded_width, size.padded_height}; }

  CGAN_HOST_DEVICE float column_sum(const Span& lines, int64_t x) const {
    float sum = lines.first_weight *
                static_cast<float>(value_of(row_of<Sample>(luma, stride, lines.first)[x]));
    for (int64_t line = lines.first + 1; line <= lines.last; ++line) {
      const float weight = line == lines.last ? lines.last_weight : 1.0f;
      const int sample = value_of(row_of<Sample>(luma, stride, line)[x]);
      sum = pixel::area_step(sum, weight, static_cast<float>(sample));
    }
    return sum;
  }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= size.padded_width || y >= size.padded_height) return;
    const Span lines = rows[pixel::mirrored(y, size.height)];
    const Span across = columns[pixel::mirrored(x, size.width)];
    float sum = across.first_weight * column_sum(lines, across.first);
    for (int64_t i = across.first + 1; i < across.last; ++i) sum += column_sum(lines, i);
    if (across.last > across.first)
      sum = pixel::area_step(sum, across.last_weight, column_sum(lines, across.last));
    work[y * size.padded_width + x] = pixel::work_luma(sum, scale, offset);
  }
};

/// The picture at work size and the planes of the guided fit, (6, height, width); see
/// ChromaUpsample.
struct FitPlanes {
  const float* luma;  ///< -1..1
  int64_t luma_stride;
  const float *cb, *cr;
  int64_t chroma_stride;
  int64_t width, height;
  float* planes;

  CGAN_HOST_DEVICE float* plane(int64_t index) const { return planes + index * width * height; }
};

template <int kScale>
CGAN_HOST_DEVICE float fit_luma_at(const FitPlanes& fit, int64_t x, int64_t y) {
  return pixel::fit_luma<kScale>(fit.luma + y * kScale * fit.luma_stride, fit.luma_stride, x);
}

template <int kScale>
struct MomentsKernel {
  FitPlanes fit;

  Extent extent() const { return {fit.width, fit.height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= fit.width || y >= fit.height) return;
    const float guide = fit_luma_at<kScale>(fit, x, y);
    const float cb = fit.cb[y * fit.chroma_stride + x], cr = fit.cr[y * fit.chroma_stride + x];
    const int64_t at = y * fit.width + x;
    fit.plane(0)[at] = guide;
    fit.plane(1)[at] = guide * guide;
    fit.plane(2)[at] = cb;
    fit.plane(3)[at] = cr;
    fit.plane(4)[at] = guide * cb;
    fit.plane(5)[at] = guide * cr;
  }
};

/// Means along rows of all planes.
struct RowMeansKernel {
  const float* in;
  int64_t width, lines, radius;
  float* out;

  Extent extent() const { return {width, lines}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= lines) return;
    const int64_t first = clamped(x - radius, width - 1), last = clamped(x + radius, width - 1);
    float sum = 0.0f;
    for (int64_t i = first; i <= last; ++i) sum += in[y * width + i];
    out[y * width + x] = sum / static_cast<float>(last - first + 1);
  }
};

/// Means along columns of planes of `height` rows.
struct ColumnMeansKernel {
  const float* in;
  int64_t width, height, planes, radius;
  float* out;

  Extent extent() const { return {width, height * planes}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t line) const {
    if (x >= width || line >= height * planes) return;
    const int64_t y = line % height, top = line - y;
    const int64_t first = clamped(y - radius, height - 1), last = clamped(y + radius, height - 1);
    const float weight = 1.0f / static_cast<float>(last - first + 1);
    float sum = 0.0f;
    for (int64_t i = first; i <= last; ++i) sum += weight * in[(top + i) * width + x];
    out[line * width + x] = sum;
  }
};

struct SlopesKernel {
  FitPlanes fit;
  float variance_floor;

  Extent extent() const { return {fit.width, fit.height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= fit.width || y >= fit.height) return;
    const int64_t at = y * fit.width + x;
    const float luma = fit.plane(0)[at];
    const float inverse = pixel::guided_inverse(luma, fit.plane(1)[at], variance_floor);
    fit.plane(0)[at] = pixel::guided_slope(fit.plane(4)[at], luma, fit.plane(2)[at], inverse);
    fit.plane(1)[at] = pixel::guided_slope(fit.plane(5)[at], luma, fit.plane(3)[at], inverse);
  }
};

template <int kScale>
struct RestsKernel {
  FitPlanes fit;

  Extent extent() const { return {fit.width, fit.height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= fit.width || y >= fit.height) return;
    const float guide = fit_luma_at<kScale>(fit, x, y);
    const int64_t at = y * fit.width + x, from = y * fit.chroma_stride + x;
    fit.plane(2)[at] = pixel::guided_rest(fit.cb[from], fit.plane(0)[at], guide);
    fit.plane(3)[at] = pixel::guided_rest(fit.cr[from], fit.plane(1)[at], guide);
  }
};

/// See LumaCopyPlan.
struct LumaConstants {
  int64_t width, height;
  int in_shift;
  const uint16_t* table;  ///< Null: samples are copied.
};

template <typename In, typename Out>
struct LumaKernel {
  LumaConstants plan;
  const uint8_t* in;
  ptrdiff_t in_stride;
  uint8_t* out;
  ptrdiff_t out_stride;

  Extent extent() const { return {plan.width, plan.height}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= plan.width || y >= plan.height) return;
    const int sample = value_of(row_of<In>(in, in_stride, y)[x]);
    store(plan.table == nullptr ? sample : pixel::converted_luma(plan.table, sample, plan.in_shift),
          row_of<Out>(out, out_stride, y)[x]);
  }
};

/// See LumaGuidePlan.
struct GuideConstants {
  int64_t frame_width, frame_height;
  int64_t step_x, step_y;
  pixel::Cover across, down;
  float scale, offset;
};

CGAN_HOST_DEVICE int covered_by(pixel::Cover cover, int before, int own, int after) {
  if (cover == pixel::Cover::kPixel) return own;
  if (cover == pixel::Cover::kPair) return own + after;
  return pixel::covered<pixel::Cover::kThree>(before, own, after);
}

/// The frame's luma at its chroma sample (x, y), 0..1.
template <typename Sample>
CGAN_HOST_DEVICE float guide_luma(const GuideConstants& plan, const uint8_t* luma, ptrdiff_t stride,
                                  int64_t x, int64_t y) {
  const int64_t line = y * plan.step_y, bottom = plan.frame_height - 1;
  const Sample* const above = row_of<Sample>(luma, stride, clamped(line - 1, bottom));
  const Sample* const own = row_of<Sample>(luma, stride, clamped(line, bottom));
  const Sample* const below = row_of<Sample>(luma, stride, clamped(line + 1, bottom));
  const auto column = [&](int64_t at) {
    const int64_t i = clamped(at, plan.frame_width - 1);
    return covered_by(plan.down, value_of(above[i]), value_of(own[i]), value_of(below[i]));
  };
  const int64_t i = x * plan.step_x;
  const int before = plan.across == pixel::Cover::kThree ? column(i - 1) : 0;
  const int after = plan.across == pixel::Cover::kPixel ? 0 : column(i + 1);
  return pixel::site_luma(covered_by(plan.across, before, column(i), after), plan.scale,
                          plan.offset);
}

/// The fit between whose samples the frame's chroma lies; see UpsamplePlan.
struct UpsampleConstants {
  const float* planes;  ///< (4, height, width): slopes of Cb and Cr, rests of Cb and Cr
  int64_t width, height;
  const Tap *columns, *lines;
};

/// Writes chroma samples first.. of every row; see PackPlan and ChromaHold.
/// @tparam In sample of the input's luma; Out of the output
template <typename In, typename Out>
struct ChromaKernel {
  GuideConstants guide;
  UpsampleConstants upsample;
  pixel::GamutConstants gamut;
  pixel::LookConstants look;
  int64_t first, width, height;
  int shift, tolerance, neutral;
  int64_t apart;  ///< Samples from one of a plane to the next: 2 where they are interleaved.
  bool holds;
  LumaView luma;
  FrameView out;
  Out* held;  ///< (height, 2, width): the codes that were written last.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE float coefficient(int64_t plane, int64_t row, const Tap& tap) const {
    const float* const fitted = upsample.planes + (plane * upsample.height + row) * upsample.width;
    return pixel::between(fitted[tap.left], fitted[tap.right], tap.share);
  }

  CGAN_HOST_DEVICE float chroma(int64_t plane, const Tap& column, const Tap& line,
                                float frame_luma) const {
    return pixel::guided_chroma(coefficient(plane, line.left, column),
                                coefficient(plane, line.right, column),
                                coefficient(plane + 2, line.left, column),
                                coefficient(plane + 2, line.right, column), line.share, frame_luma);
  }

  CGAN_HOST_DEVICE void put(int code, Out& held_code, Out& to) const {
    using Code = CodeOf<Out>;
    Code shown = static_cast<Code>(code << shift);
    if (holds) {
      shown = pixel::held_code(shown, static_cast<Code>(value_of(held_code)),
                               static_cast<Code>(tolerance), static_cast<Code>(neutral));
    }
    store(shown, held_code);
    store(shown, to);
  }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x < first || x >= width || y >= height) return;
    const Tap column = upsample.columns[x], line = upsample.lines[y];
    const float frame_luma = guide_luma<In>(guide, luma.data, luma.stride, x, y);
    const pixel::ChromaCodes codes =
        pixel::gamut_codes(chroma(0, column, line, frame_luma), chroma(1, column, line, frame_luma),
                           frame_luma, gamut, look);
    Out* const held_row = held + 2 * y * width;
    put(codes.cb, held_row[x], row_of<Out>(out.cb, out.cb_stride, y)[apart * x]);
    put(codes.cr, held_row[width + x], row_of<Out>(out.cr, out.cr_stride, y)[apart * x]);
  }
};

enum class OwnWay { kNeutral, kCopy, kConvert };

/// Writes the first `count` chroma samples of every row: those that the frame has of its own, or
/// none; see OwnChromaPlan.
/// @tparam In sample of the input's chroma; Out of the output's
template <typename In, typename Out>
struct OwnChromaKernel {
  OwnWay way;
  int64_t count, height;
  int in_shift, out_shift;
  int64_t in_apart, out_apart;
  int neutral;
  float scale, offset, highest;
  const Tap *columns, *lines;
  ChromaView in;
  FrameView out;

  Extent extent() const { return {count, height}; }

  CGAN_HOST_DEVICE float code_at(const uint8_t* plane, ptrdiff_t stride, int64_t x,
                                 int64_t y) const {
    return static_cast<float>(value_of(row_of<In>(plane, stride, y)[in_apart * x]) >> in_shift);
  }

  CGAN_HOST_DEVICE int code_of(const uint8_t* plane, ptrdiff_t stride, int64_t x, int64_t y) const {
    if (way == OwnWay::kNeutral) return neutral;
    if (way == OwnWay::kCopy) return value_of(row_of<In>(plane, stride, y)[in_apart * x]);
    const Tap column = columns[x], line = lines[y];
    return pixel::converted_chroma(code_at(plane, stride, column.left, line.left),
                                   code_at(plane, stride, column.right, line.left),
                                   code_at(plane, stride, column.left, line.right),
                                   code_at(plane, stride, column.right, line.right), column.share,
                                   line.share, scale, offset, highest)
           << out_shift;
  }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= count || y >= height) return;
    // Both before either: input and output may be one frame.
    const int cb = code_of(in.cb, in.cb_stride, x, y), cr = code_of(in.cr, in.cr_stride, x, y);
    store(cb, row_of<Out>(out.cb, out.cb_stride, y)[out_apart * x]);
    store(cr, row_of<Out>(out.cr, out.cr_stride, y)[out_apart * x]);
  }
};

/// Gathers the samples that ColourMeter looks at; see ColourMeterPlan.
template <typename Sample>
struct MeterKernel {
  LumaView luma;
  ChromaView chroma;
  const int64_t *columns, *rows;
  int64_t across, down;
  int64_t frame_width, frame_height;
  int64_t step_x, step_y;
  int64_t apart;
  float luma_scale, luma_offset, chroma_scale, chroma_offset;
  float* samples;  ///< (3, down, across), written: luma, Cb, Cr

  Extent extent() const { return {across, down}; }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= across || y >= down) return;
    const int64_t column = columns[x], row = rows[y];
    const int64_t right = clamped(column * step_x + step_x - 1, frame_width - 1);
    const int64_t below = clamped(row * step_y + step_y - 1, frame_height - 1);
    const int sum = pixel::shared_luma(row_of<Sample>(luma.data, luma.stride, row * step_y),
                                       row_of<Sample>(luma.data, luma.stride, below),
                                       column * step_x, right, step_x, step_y);
    const int cb = value_of(row_of<Sample>(chroma.cb, chroma.cb_stride, row)[apart * column]);
    const int cr = value_of(row_of<Sample>(chroma.cr, chroma.cr_stride, row)[apart * column]);
    const int64_t at = y * across + x, plane = across * down;
    samples[at] = pixel::meter_signal(sum, luma_scale, luma_offset);
    samples[plane + at] = pixel::meter_signal(cb, chroma_scale, chroma_offset);
    samples[2 * plane + at] = pixel::meter_signal(cr, chroma_scale, chroma_offset);
  }
};

}  // namespace cgan::cuda
