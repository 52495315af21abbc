#include "plugin/colorizer/plan/frame_plan.h"

#include <algorithm>

namespace cgan {
namespace {

constexpr int64_t kCellsAcross = 48, kCellsDown = 36;

std::vector<int64_t> spread(int64_t samples, int64_t cells) {
  std::vector<int64_t> result(cells * ColourMeterPlan::kCellSide);
  const auto count = static_cast<int64_t>(result.size());
  for (int64_t i = 0; i < count; ++i) result[i] = (2 * i + 1) * samples / (2 * count);
  return result;
}

}  // namespace

ColourMeterPlan ColourMeterPlan::of(const StreamFormat& format) {
  const ChromaGrid grid = format.in_chroma_grid();
  const int64_t across = std::clamp<int64_t>(grid.width / kCellSide, 1, kCellsAcross);
  const int64_t down = std::clamp<int64_t>(grid.height / kCellSide, 1, kCellsDown);
  const CodeScale luma = format.luma_samples();
  const CodeScale chroma = chroma_codes(format.in_range, format.in.depth);
  const double eight_bits = chroma_codes(Range::kLimited, 8).scale;
  return {format.in,
          format.width,
          format.height,
          across,
          down,
          spread(grid.width, across),
          spread(grid.height, down),
          static_cast<float>(1.0 / luma.scale),
          static_cast<float>(-luma.offset / luma.scale),
          static_cast<float>(eight_bits / chroma.scale / (1 << format.in.shift)),
          static_cast<float>(-chroma.offset * eight_bits / chroma.scale)};
}

FramePlan FramePlan::of(const StreamFormat& format, const WorkSize& size, int64_t chroma_width,
                        int64_t chroma_height, int64_t chroma_scale) {
  const UpsamplePlan::Source source = {size.width,   size.height,   size.padded_width,
                                       chroma_width, chroma_height, chroma_scale};
  FramePlan plan = {
      format,
      LumaCopyPlan::of(format),
      WorkCopyPlan::of(format, size),
      LumaGuidePlan::of(format),
      UpsamplePlan::of(source, static_cast<double>(format.width),
                       0.25 * static_cast<double>(format.frame_quarters()), format.chroma_grid(),
                       0.25 * static_cast<double>(format.frame_border_quarters())),
      OwnChromaPlan::of(format),
      PackPlan::of(format),
      {}};
  if (format.in.has_chroma()) plan.colour_meter = ColourMeterPlan::of(format);
  return plan;
}

}  // namespace cgan
