#include "plugin/colorizer/cpu/chroma_upsample.h"

#include <algorithm>
#include <utility>

#include "plugin/colorizer/pixel/guided.h"

namespace cgan {
namespace {

constexpr int64_t kMoments = 6;       // I, I I, Cb, Cr, I Cb, I Cr
constexpr int64_t kCoefficients = 4;  // a for Cb and Cr, b for Cb and Cr

}  // namespace

ChromaUpsample::ChromaUpsample(UpsamplePlan plan, WorkerPool& pool, const RowLoops& loops)
    : plan_(std::move(plan)),
      planes_(kMoments * plan_.width * plan_.height),
      scratch_(planes_.size()),
      pool_(pool),
      loops_(loops),
      rows_(pool.threads()) {
  for (Rows& rows : rows_) {
    rows.upper_row.resize(kCoefficients * plan_.grid_width);
    rows.lower_row.resize(kCoefficients * plan_.grid_width);
  }
}

/// Means over (2 kRadius + 1)^2 samples, fewer at the border, of the first planes; in place.
void ChromaUpsample::box_means(int64_t planes) {
  const int64_t size = plan_.width * plan_.height;
  for_row_bands(pool_, planes * plan_.height, [&](int64_t begin, int64_t end, int) {
    for (int64_t line = begin; line < end; ++line)
      loops_.row_means(planes_.data() + line * plan_.width, plan_.width,
                       scratch_.data() + line * plan_.width);
  });
  for_row_bands(pool_, planes * plan_.height, [&](int64_t begin, int64_t end, int) {
    for (int64_t line = begin; line < end; ++line) {
      const int64_t plane = line / plan_.height, y = line % plan_.height;
      const int64_t first = std::max<int64_t>(0, y - kRadius);
      const int64_t last = std::min(plan_.height - 1, y + kRadius);
      const float* rows[2 * kRadius + 1];
      for (int64_t i = first; i <= last; ++i)
        rows[i - first] = scratch_.data() + plane * size + i * plan_.width;
      loops_.column_means(rows, last - first + 1, plan_.width, planes_.data() + line * plan_.width);
    }
  });
}

void ChromaUpsample::fit(const float* luma, const float* chroma) {
  const UpsamplePlan::Source& source = plan_.source;
  const int64_t size = plan_.width * plan_.height;
  const auto for_rows = [&](void (*loop)(const FitRow&)) {
    for_row_bands(pool_, plan_.height, [&](int64_t begin, int64_t end, int) {
      for (int64_t y = begin; y < end; ++y) {
        const float* const cb = chroma + y * source.chroma_width;
        FitRow row = {luma + y * source.chroma_scale * source.luma_stride,
                      source.luma_stride,
                      source.chroma_scale,
                      cb,
                      cb + source.chroma_height * source.chroma_width,
                      plan_.width,
                      {}};
        for (int64_t i = 0; i < kMoments; ++i)
          row.planes[i] = planes_.data() + i * size + y * plan_.width;
        loop(row);
      }
    });
  };

  for_rows(loops_.moments_row);
  box_means(kMoments);
  float* planes[kMoments];
  for (int64_t i = 0; i < kMoments; ++i) planes[i] = planes_.data() + i * size;
  loops_.slopes(planes, size, kEpsilon);
  box_means(2);
  for_rows(loops_.rests_row);
  for (Rows& rows : rows_) rows.upper = rows.lower = -1;
}

// In no table: gathering is slower than one number after the other.
void ChromaUpsample::widen(int64_t row, float* wide) const {
  for (int64_t i = 0; i < kCoefficients; ++i, wide += plan_.grid_width) {
    const float* fitted = planes_.data() + (i * plan_.height + row) * plan_.width;
    for (int64_t x = 0; x < plan_.grid_width; ++x) {
      const Tap& tap = plan_.columns[x];
      wide[x] = pixel::between(fitted[tap.left], fitted[tap.right], tap.share);
    }
  }
}

void ChromaUpsample::row(int64_t y, int thread, const float* luma, float* cb, float* cr) {
  const Tap& tap = plan_.lines[y];
  Rows& rows = rows_[thread];
  if (rows.upper != tap.left) {
    if (rows.lower == tap.left) {
      std::swap(rows.upper, rows.lower);
      std::swap(rows.upper_row, rows.lower_row);
    } else {
      widen(tap.left, rows.upper_row.data());
      rows.upper = tap.left;
    }
  }
  if (rows.lower != tap.right) {
    widen(tap.right, rows.lower_row.data());
    rows.lower = tap.right;
  }

  loops_.guided_row(rows.upper_row.data(), rows.lower_row.data(), plan_.grid_width, tap.share, luma,
                    cb, cr);
}

}  // namespace cgan
