#include "plugin/colorizer/cpu/luma_guide.h"

#include <algorithm>
#include <type_traits>

#include "model/kernels/wide_loops.h"
#include "plugin/colorizer/format/sample.h"
#include "plugin/colorizer/pixel/luma_site.h"

namespace cgan {
namespace {

using pixel::Cover;

/// Chroma samples at a time: their column sums stay in the first cache.
constexpr int64_t kChunk = 256;

}  // namespace

LumaGuide::LumaGuide(const LumaGuidePlan& plan) : plan_(plan) {
  write_row_ = with_sample(
      plan.in_bytes, [&](auto sample) { return choose<decltype(sample)>(plan.across, plan.down); });
}

/// 4:4:4, 4:2:2 and 4:2:0: rows are not shared where columns are not.
template <typename Sample>
LumaGuide::WriteRow LumaGuide::choose(Cover across, Cover down) {
  if (across == Cover::kPixel) return &LumaGuide::write_row<Sample, Cover::kPixel, Cover::kPixel>;
  const bool is_pair = across == Cover::kPair;
  switch (down) {
    case Cover::kPixel:
      return is_pair ? &LumaGuide::write_row<Sample, Cover::kPair, Cover::kPixel>
                     : &LumaGuide::write_row<Sample, Cover::kThree, Cover::kPixel>;
    case Cover::kPair:
      return is_pair ? &LumaGuide::write_row<Sample, Cover::kPair, Cover::kPair>
                     : &LumaGuide::write_row<Sample, Cover::kThree, Cover::kPair>;
    default:
      return is_pair ? &LumaGuide::write_row<Sample, Cover::kPair, Cover::kThree>
                     : &LumaGuide::write_row<Sample, Cover::kThree, Cover::kThree>;
  }
}

template <typename Sample, Cover kAcross, Cover kDown>
CGAN_WIDE void LumaGuide::write_row(const LumaView& frame, int64_t y, float* luma) const {
  // Four times the largest sample has to fit.
  using Sum = std::conditional_t<sizeof(Sample) == 1, uint16_t, int32_t>;
  constexpr int64_t kStep = kAcross == Cover::kPixel ? 1 : 2;
  const float scale = plan_.scale, offset = plan_.offset;
  const ChromaGrid& grid = plan_.grid;
  const int64_t frame_width = plan_.frame_width;

  const int64_t line = y * grid.step_y;
  const auto row_at = [&](int64_t at) {
    return reinterpret_cast<const Sample*>(
        frame.row(std::clamp<int64_t>(at, 0, plan_.frame_height - 1)));
  };
  const Sample* const above = row_at(line - 1);
  const Sample* const own = row_at(line);
  const Sample* const below = row_at(line + 1);
  const auto column = [&](int64_t x) {
    return static_cast<Sum>(pixel::covered<kDown>(above[x], own[x], below[x]));
  };

  Sum sums[kStep * kChunk + 1];
  Sum* const columns = sums + 1;  // the pixel before the first one belongs to kThree
  for (int64_t begin = 0; begin < grid.width; begin += kChunk) {
    const int64_t count = std::min(kChunk, grid.width - begin);
    const int64_t first = kStep * begin;
    const int64_t pixels = std::min(kStep * count, frame_width - first);
    columns[-1] = column(std::max<int64_t>(first - 1, 0));
#pragma omp simd
    for (int64_t x = 0; x < pixels; ++x) columns[x] = column(first + x);
    if (pixels < kStep * count) columns[pixels] = columns[pixels - 1];
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      const int before = kAcross == Cover::kThree ? columns[kStep * i - 1] : 0;
      const int after = kAcross == Cover::kPixel ? 0 : columns[kStep * i + 1];
      const int sum = pixel::covered<kAcross>(before, columns[kStep * i], after);
      luma[begin + i] = pixel::site_luma(sum, scale, offset);
    }
  }
}

}  // namespace cgan
