#include "plugin/colorizer/plan/chroma_plan.h"

#include <algorithm>

namespace cgan {
namespace {

/// Chroma of the warmest middle gray.
constexpr double kWarmest = 0.06;

/// Share of a code within which luma counts as black or white.
constexpr double kNoRoomCodes = 0.1;

pixel::GamutConstants gamut_of(const StreamFormat& format) {
  const int depth = format.out.depth;
  const CodeScale chroma = chroma_codes(format.out_range, depth);
  const bool is_full = format.out_range == Range::kFull;
  const LumaCoefficients k = luma_coefficients(format.matrix);
  pixel::GamutConstants result;
  result.scale = static_cast<float>(chroma.scale);
  result.offset = static_cast<float>(chroma.offset);
  result.lowest = static_cast<float>(is_full ? 0 : 16 << (depth - 8));
  result.highest = static_cast<float>(is_full ? (1 << depth) - 1 : 240 << (depth - 8));
  result.no_room = static_cast<float>(kNoRoomCodes / (1 << depth));
  result.red = static_cast<float>(2.0 * (1.0 - k.kr));
  result.blue = static_cast<float>(2.0 * (1.0 - k.kb));
  result.green_cb = static_cast<float>(-2.0 * k.kb * (1.0 - k.kb) / k.kg);
  result.green_cr = static_cast<float>(-2.0 * k.kr * (1.0 - k.kr) / k.kg);
  return result;
}

}  // namespace

UpsamplePlan UpsamplePlan::of(const Source& source, double frame_width, double frame_height,
                              const ChromaGrid& grid, double frame_top) {
  const int64_t scale = source.chroma_scale;
  // Fitted samples per luma pixel of the frame.
  const auto per_pixel = [scale](int64_t work, double frame) {
    return static_cast<double>(work) / (frame * static_cast<double>(scale));
  };
  const double across = per_pixel(source.luma_width, frame_width);
  const double down = per_pixel(source.luma_height, frame_height);
  const int64_t width = (source.luma_width + scale - 1) / scale;
  const int64_t height = (source.luma_height + scale - 1) / scale;
  // The borders of fitted samples are whole numbers, their centres lie half a sample on.
  return {source,
          width,
          height,
          grid.width,
          interpolation_taps(grid.width, grid.first_x * across,
                             static_cast<double>(grid.step_x) * across, 0.5, width),
          interpolation_taps(grid.height, (grid.first_y - frame_top) * down,
                             static_cast<double>(grid.step_y) * down, 0.5, height)};
}

OwnChromaPlan OwnChromaPlan::of(const StreamFormat& format) {
  OwnChromaPlan plan = {format.in, format.out, false,
                        0.0f,      0.0f,       static_cast<float>((1 << format.out.depth) - 1),
                        {},        {}};
  plan.is_copy = format.in.format == format.out.format && format.in_range == format.out_range;
  if (!format.in.has_chroma()) return plan;
  const CodeScale from = chroma_codes(format.in_range, format.in.depth);
  const CodeScale to = chroma_codes(format.out_range, format.out.depth);
  plan.scale = static_cast<float>(to.scale / from.scale);
  plan.offset = static_cast<float>(to.offset - from.offset * to.scale / from.scale);
  const ChromaGrid source = format.in_chroma_grid(), grid = format.chroma_grid();
  const auto taps = [](int64_t count, double first, int64_t step, int64_t length, double from_first,
                       int64_t from_step) {
    const auto unit = static_cast<double>(from_step);
    return interpolation_taps(count, first / unit, static_cast<double>(step) / unit,
                              from_first / unit, length);
  };
  plan.columns =
      taps(grid.width, grid.first_x, grid.step_x, source.width, source.first_x, source.step_x);
  plan.lines =
      taps(grid.height, grid.first_y, grid.step_y, source.height, source.first_y, source.step_y);
  return plan;
}

PackPlan PackPlan::of(const StreamFormat& format) {
  const PixelFormat& out = format.out;
  PackPlan plan = {out, format.chroma_grid(), gamut_of(format), {}, 0, 0};
  const std::array<double, 4> conversion = chroma_conversion(Matrix::kBt601, format.matrix);
  std::copy(conversion.begin(), conversion.end(), plan.conversion.begin());
  plan.hold_tolerance = 1 << (out.depth - 8 + out.shift);
  plan.neutral = 1 << (out.depth - 1 + out.shift);
  return plan;
}

pixel::LookConstants PackPlan::look_constants(const CganLook& look) const {
  const auto saturation = static_cast<float>(look.saturation);
  const auto warmest = static_cast<float>(4.0 * kWarmest * look.warmth);
  return {static_cast<float>(look.strength),
          saturation * conversion[0],
          saturation * conversion[1],
          saturation * conversion[2],
          saturation * conversion[3],
          warmest * (conversion[1] - conversion[0]),
          warmest * (conversion[3] - conversion[2])};
}

}  // namespace cgan
