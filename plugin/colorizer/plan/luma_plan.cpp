#include "plugin/colorizer/plan/luma_plan.h"

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

using pixel::Cover;

std::vector<uint16_t> conversion_table(const StreamFormat& format) {
  const CodeScale from = luma_codes(format.in_range, format.in.depth);
  const CodeScale to = luma_codes(format.out_range, format.out.depth);
  const double highest = (1 << format.out.depth) - 1;
  const int highest_in = (1 << format.in.depth) - 1;
  // Wide enough for everything that a sample can hold: nobody promises codes of the depth.
  std::vector<uint16_t> table(size_t{1} << (8 * format.in.sample_bytes() - format.in.shift));
  for (size_t bits = 0; bits < table.size(); ++bits) {
    const int code = std::min(static_cast<int>(bits), highest_in);
    // The product is a whole number, so that a result in the middle of two codes is exact.
    const double exact = (code - from.offset) * to.scale / from.scale;
    const double nearest = std::floor(std::clamp(exact + to.offset, 0.0, highest) + 0.5);
    table[bits] = static_cast<uint16_t>(static_cast<int>(nearest) << format.out.shift);
  }
  return table;
}

Cover cover_of(int64_t step, double first) {
  if (step == 1) return Cover::kPixel;
  // A field's samples lie a quarter of a row beside the middle of two: these are their own.
  return first <= 0.5 ? Cover::kThree : Cover::kPair;
}

}  // namespace

LumaCopyPlan LumaCopyPlan::of(const StreamFormat& format) {
  return {format.width,
          format.height,
          format.in.sample_bytes(),
          format.out.sample_bytes(),
          format.in.shift,
          format.keeps_luma() ? std::vector<uint16_t>() : conversion_table(format)};
}

WorkCopyPlan WorkCopyPlan::of(const StreamFormat& format, const WorkSize& size) {
  const CodeScale samples = format.luma_samples();
  const double area = static_cast<double>(format.width) / size.width *
                      (0.25 * static_cast<double>(format.frame_quarters()) / size.height);
  return {size,
          format.width,
          format.in.sample_bytes(),
          static_cast<float>(2.0 / (samples.scale * area)),
          static_cast<float>(-2.0 * samples.offset / samples.scale - 1.0),
          area_spans(format.width, size.width),
          area_spans(format.height, size.height, format.frame_border_quarters(),
                     format.frame_quarters())};
}

LumaGuidePlan LumaGuidePlan::of(const StreamFormat& format) {
  const ChromaGrid grid = format.chroma_grid();
  const CodeScale samples = format.luma_samples();
  const Cover across = cover_of(grid.step_x, grid.first_x);
  const Cover down = cover_of(grid.step_y, grid.first_y);
  const auto pixels = static_cast<float>(weights_of(across) * weights_of(down));
  return {format.width,
          format.height,
          format.in.sample_bytes(),
          grid,
          across,
          down,
          static_cast<float>(1.0 / samples.scale) / pixels,
          static_cast<float>(-samples.offset / samples.scale)};
}

}  // namespace cgan
