#include "plugin/colorizer/cpu/work_copy.h"

#include <algorithm>
#include <utility>

#include "model/kernels/wide_loops.h"
#include "plugin/colorizer/format/sample.h"
#include "plugin/colorizer/pixel/area_mean.h"

namespace cgan {
namespace {

int64_t mirrored(int64_t position, int64_t length) {
  const int64_t folded = position % (2 * length);
  return folded < length ? folded : 2 * length - 1 - folded;
}

}  // namespace

WorkCopy::WorkCopy(WorkCopyPlan plan, WorkerPool& pool)
    : plan_(std::move(plan)),
      pool_(pool),
      sums_(pool.threads(), std::vector<float>(plan_.frame_width)) {}

/// @param work the row, written
template <typename Sample>
CGAN_WIDE void WorkCopy::mean_row(const LumaView& luma, int64_t y, float* sums, float* work) const {
  const Span rows = plan_.rows[y];
  const auto* samples = reinterpret_cast<const Sample*>(luma.row(rows.first));
  const int64_t width = plan_.frame_width;
  for (int64_t x = 0; x < width; ++x) sums[x] = rows.first_weight * samples[x];
  for (int64_t line = rows.first + 1; line <= rows.last; ++line) {
    const float weight = line == rows.last ? rows.last_weight : 1.0f;
    samples = reinterpret_cast<const Sample*>(luma.row(line));
    for (int64_t x = 0; x < width; ++x) sums[x] = pixel::area_step(sums[x], weight, samples[x]);
  }

  const WorkSize& size = plan_.size;
  for (int64_t x = 0; x < size.width; ++x) {
    const Span& columns = plan_.columns[x];
    float sum = columns.first_weight * sums[columns.first];
    for (int64_t i = columns.first + 1; i < columns.last; ++i) sum += sums[i];
    if (columns.last > columns.first)
      sum = pixel::area_step(sum, columns.last_weight, sums[columns.last]);
    work[x] = pixel::work_luma(sum, plan_.scale, plan_.offset);
  }
  for (int64_t x = size.width; x < size.padded_width; ++x) work[x] = work[mirrored(x, size.width)];
}

void WorkCopy::run(const LumaView& luma, float* work) {
  const WorkSize& size = plan_.size;
  with_sample(plan_.in_bytes, [&](auto sample) {
    for_row_bands(pool_, size.height, [&](int64_t first, int64_t last, int thread) {
      for (int64_t y = first; y < last; ++y) {
        mean_row<decltype(sample)>(luma, y, sums_[thread].data(), work + y * size.padded_width);
      }
    });
  });
  for (int64_t y = size.height; y < size.padded_height; ++y) {
    std::copy_n(work + mirrored(y, size.height) * size.padded_width, size.padded_width,
                work + y * size.padded_width);
  }
}

}  // namespace cgan
