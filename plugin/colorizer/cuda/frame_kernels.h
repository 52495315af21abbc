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
  int in_shift;
  const uint16_t* table;  ///< Null: samples are copied.
  bool is_written;        ///< False: input and output are one luma, which stays.
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

/// The fit between whose samples the frame's chroma lies; see UpsamplePlan.
struct UpsampleConstants {
  const float* planes;  ///< (4, height, width): slopes of Cb and Cr, rests of Cb and Cr
  int64_t width, height;
  const Tap *columns, *lines;
};

/// See OwnChromaPlan.
enum class OwnWay { kNeutral, kCopy, kConvert };
struct OwnChromaConstants {
  OwnWay way;
  int64_t count;  ///< Samples of every row that it writes, from the left.
  int in_shift, out_shift;
  int64_t in_apart;
  float scale, offset, highest;
  const Tap *columns, *lines;
};

/// Writes a whole frame: a thread all samples of the luma that share one of the chroma, and that
/// one. So a plane is read once, but for the column or row before where the cover reaches there,
/// which the neighbour has read at the same time, and written once.
/// @tparam In sample of the input; Out of the output
template <typename In, typename Out>
struct FrameKernel {
  LumaConstants copy;
  OwnChromaConstants own;
  GuideConstants guide;
  UpsampleConstants upsample;
  pixel::GamutConstants gamut;
  pixel::LookConstants look;
  int64_t width, height;  ///< Chroma samples.
  int shift, tolerance, neutral;
  int64_t apart;  ///< Samples from one of a plane to the next: 2 where they are interleaved.
  bool holds;
  InputView in;
  FrameView out;
  Out* held;  ///< (height, 2, width): the codes that were written last.

  Extent extent() const { return {width, height}; }

  CGAN_HOST_DEVICE void put_luma(int sample, int64_t x, int64_t y) const {
    if (!copy.is_written) return;
    store(copy.table == nullptr ? sample : pixel::converted_luma(copy.table, sample, copy.in_shift),
          row_of<Out>(out.luma, out.luma_stride, y)[x]);
  }

  CGAN_HOST_DEVICE int luma_at(int64_t x, int64_t y) const {
    return value_of(row_of<In>(in.luma.data, in.luma.stride, y)[x]);
  }

  /// Row `y` of the frame's luma, beginning with pixel x, as far as the cover goes.
  /// @param writes whether these are samples to write, too
  CGAN_HOST_DEVICE int luma_row(int64_t x, int64_t y, bool writes) const {
    const int sample = luma_at(x, y);
    if (writes) put_luma(sample, x, y);
    int after = sample;
    if (guide.step_x == 2 && x + 1 < guide.frame_width) {
      after = luma_at(x + 1, y);
      if (writes) put_luma(after, x + 1, y);
    }
    const bool reaches_back = guide.across == pixel::Cover::kThree && x > 0;
    return covered_by(guide.across, reaches_back ? luma_at(x - 1, y) : sample, sample, after);
  }

  /// Writes the luma around the chroma sample. @return what the sample covers of it, 0..1
  CGAN_HOST_DEVICE float write_luma(int64_t x, int64_t y) const {
    const int64_t column = x * guide.step_x, line = y * guide.step_y;
    const int sum = luma_row(column, line, true);
    const bool has_next = guide.step_y == 2 && line + 1 < guide.frame_height;
    const int below = has_next ? luma_row(column, line + 1, true) : sum;
    const bool reaches_back = guide.down == pixel::Cover::kThree && line > 0;
    const int above = reaches_back ? luma_row(column, line - 1, false) : sum;
    return pixel::site_luma(covered_by(guide.down, above, sum, below), guide.scale, guide.offset);
  }

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

  CGAN_HOST_DEVICE int hold(int code, Out& held_code) const {
    using Code = CodeOf<Out>;
    Code shown = static_cast<Code>(code << shift);
    if (holds) {
      shown = pixel::held_code(shown, static_cast<Code>(value_of(held_code)),
                               static_cast<Code>(tolerance), static_cast<Code>(neutral));
    }
    store(shown, held_code);
    return shown;
  }

  /// The picture's colours; see PackPlan and ChromaHold.
  CGAN_HOST_DEVICE pixel::ChromaCodes new_codes(int64_t x, int64_t y, float frame_luma) const {
    const Tap column = upsample.columns[x], line = upsample.lines[y];
    const pixel::ChromaCodes codes =
        pixel::gamut_codes(chroma(0, column, line, frame_luma), chroma(1, column, line, frame_luma),
                           frame_luma, gamut, look);
    Out* const held_row = held + 2 * y * width;
    return {hold(codes.cb, held_row[x]), hold(codes.cr, held_row[width + x])};
  }

  CGAN_HOST_DEVICE float own_at(const uint8_t* plane, ptrdiff_t stride, int64_t x,
                                int64_t y) const {
    return static_cast<float>(value_of(row_of<In>(plane, stride, y)[own.in_apart * x]) >>
                              own.in_shift);
  }

  CGAN_HOST_DEVICE int own_code(const uint8_t* plane, ptrdiff_t stride, int64_t x,
                                int64_t y) const {
    if (own.way == OwnWay::kNeutral) return neutral;
    if (own.way == OwnWay::kCopy) return value_of(row_of<In>(plane, stride, y)[own.in_apart * x]);
    const Tap column = own.columns[x], line = own.lines[y];
    return pixel::converted_chroma(own_at(plane, stride, column.left, line.left),
                                   own_at(plane, stride, column.right, line.left),
                                   own_at(plane, stride, column.left, line.right),
                                   own_at(plane, stride, column.right, line.right), column.share,
                                   line.share, own.scale, own.offset, own.highest)
           << own.out_shift;
  }

  CGAN_HOST_DEVICE void operator()(int64_t x, int64_t y) const {
    if (x >= width || y >= height) return;
    const bool is_own = x < own.count;
    const float frame_luma = copy.is_written || !is_own ? write_luma(x, y) : 0.0f;
    // Both before either: input and output may be one frame.
    const pixel::ChromaCodes codes =
        is_own ? pixel::ChromaCodes{own_code(in.chroma.cb, in.chroma.cb_stride, x, y),
                                    own_code(in.chroma.cr, in.chroma.cr_stride, x, y)}
               : new_codes(x, y, frame_luma);
    store(codes.cb, row_of<Out>(out.cb, out.cb_stride, y)[apart * x]);
    store(codes.cr, row_of<Out>(out.cr, out.cr_stride, y)[apart * x]);
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
