#include "plugin/colorizer/cpu/work_copy.h"

#include <algorithm>
#include <utility>

#include "plugin/colorizer/pixel/area_mean.h"

namespace cgan {
WorkCopy::WorkCopy(WorkCopyPlan plan, WorkerPool& pool, const RowLoops& loops)
    : plan_(std::move(plan)),
      pool_(pool),
      loops_(loops),
      sums_(pool.threads(), std::vector<float>(plan_.frame_width)) {}

/// @param work the row, written
void WorkCopy::row(const LumaView& luma, int64_t y, float* sums, float* work) const {
  const WorkSize& size = plan_.size;
  const Span& lines = plan_.rows[y];
  loops_.work_row({luma.row(lines.first), luma.stride, plan_.in_bytes, plan_.frame_width,
                   size.width, lines, plan_.columns.data(), plan_.scale, plan_.offset},
                  sums, work);
  for (int64_t x = size.width; x < size.padded_width; ++x)
    work[x] = work[pixel::mirrored(x, size.width)];
}

void WorkCopy::run(const LumaView& luma, float* work) {
  const WorkSize& size = plan_.size;
  for_row_bands(pool_, size.height, [&](int64_t first, int64_t last, int thread) {
    for (int64_t y = first; y < last; ++y)
      row(luma, y, sums_[thread].data(), work + y * size.padded_width);
  });
  for (int64_t y = size.height; y < size.padded_height; ++y) {
    std::copy_n(work + pixel::mirrored(y, size.height) * size.padded_width, size.padded_width,
                work + y * size.padded_width);
  }
}

}  // namespace cgan
