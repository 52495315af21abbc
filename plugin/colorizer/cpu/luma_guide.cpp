#include "plugin/colorizer/cpu/luma_guide.h"

#include <algorithm>
#include <type_traits>

#include "model/kernels/wide_loops.h"
#include "plugin/colorizer/format/sample.h"

namespace cgan {
namespace {

/// Chroma samples at a time: their column sums stay in the first cache.
constexpr int64_t kChunk = 256;

}  // namespace

LumaGuide::LumaGuide(const StreamFormat& format)
    : frame_width_(format.width), frame_height_(format.height), grid_(format.chroma_grid()) {
  const CodeScale samples = format.luma_samples();
  scale_ = static_cast<float>(1.0 / samples.scale);
  offset_ = static_cast<float>(-samples.offset / samples.scale);
  const Cover across = cover(grid_.step_x, grid_.first_x);
  const Cover down = cover(grid_.step_y, grid_.first_y);
  write_row_ = format.in.sample_bytes() == 1 ? choose<Sample8>(across, down)
                                             : choose<Sample16>(across, down);
}

LumaGuide::Cover LumaGuide::cover(int64_t step, double first) {
  if (step == 1) return Cover::kPixel;
  return first < 0.5 * static_cast<double>(step) ? Cover::kThree : Cover::kPair;
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

/// @param rows the row above, the row of the sample and the row below
template <LumaGuide::Cover kDown, typename Sample>
inline int LumaGuide::column(const Sample* const* rows, int64_t x) {
  if constexpr (kDown == Cover::kPixel) return rows[1][x];
  if constexpr (kDown == Cover::kPair) return rows[1][x] + rows[2][x];
  return rows[0][x] + 2 * rows[1][x] + rows[2][x];
}

template <typename Sample, LumaGuide::Cover kAcross, LumaGuide::Cover kDown>
CGAN_WIDE void LumaGuide::write_row(const LumaView& frame, int64_t y, float* luma) const {
  // Four times the largest sample has to fit.
  using Sum = std::conditional_t<sizeof(Sample) == 1, uint16_t, int32_t>;
  constexpr int64_t kStep = kAcross == Cover::kPixel ? 1 : 2;
  constexpr auto weights = [](Cover cover) { return 1 << static_cast<int>(cover); };
  const float scale = scale_ / static_cast<float>(weights(kAcross) * weights(kDown));
  const float offset = offset_;

  const int64_t line = y * grid_.step_y;
  const auto row_at = [&](int64_t at) {
    return reinterpret_cast<const Sample*>(
        frame.row(std::clamp<int64_t>(at, 0, frame_height_ - 1)));
  };
  const Sample* const rows[3] = {row_at(line - 1), row_at(line), row_at(line + 1)};

  Sum sums[kStep * kChunk + 1];
  Sum* const columns = sums + 1;  // the pixel before the first one belongs to kThree
  for (int64_t begin = 0; begin < grid_.width; begin += kChunk) {
    const int64_t count = std::min(kChunk, grid_.width - begin);
    const int64_t first = kStep * begin;
    const int64_t pixels = std::min(kStep * count, frame_width_ - first);
    columns[-1] = static_cast<Sum>(column<kDown>(rows, std::max<int64_t>(first - 1, 0)));
#pragma omp simd
    for (int64_t x = 0; x < pixels; ++x) {
      columns[x] = static_cast<Sum>(column<kDown>(rows, first + x));
    }
    if (pixels < kStep * count) columns[pixels] = columns[pixels - 1];
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      int sum = columns[kStep * i];
      if constexpr (kAcross == Cover::kPair) sum += columns[2 * i + 1];
      if constexpr (kAcross == Cover::kThree) sum += sum + columns[2 * i - 1] + columns[2 * i + 1];
      const float signal = static_cast<float>(sum) * scale + offset;
      // By value, unlike std::max and std::min, whose references keep gcc 12 from vectorising.
      const float above_black = signal > 0.0f ? signal : 0.0f;
      luma[begin + i] = above_black < 1.0f ? above_black : 1.0f;
    }
  }
}

}  // namespace cgan
