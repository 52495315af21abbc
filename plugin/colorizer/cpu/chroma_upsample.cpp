#include "plugin/colorizer/cpu/chroma_upsample.h"

#include <algorithm>
#include <utility>

#include "model/kernels/wide_loops.h"
#include "plugin/colorizer/pixel/guided.h"

namespace cgan {
namespace {

constexpr int64_t kMoments = 6;       // I, I I, Cb, Cr, I Cb, I Cr
constexpr int64_t kCoefficients = 4;  // a for Cb and Cr, b for Cb and Cr

/// Means over 2 kRadius + 1 numbers, fewer at the border.
/// @param in, out (width)
CGAN_WIDE void row_means(const float* __restrict in, int64_t width, float* __restrict out) {
  constexpr int64_t kRadius = ChromaUpsample::kRadius;
  const auto at_border = [&](int64_t x) {
    const int64_t first = std::max<int64_t>(0, x - kRadius);
    const int64_t last = std::min(width - 1, x + kRadius);
    float sum = 0.0f;
    for (int64_t i = first; i <= last; ++i) sum += in[i];
    out[x] = sum / static_cast<float>(last - first + 1);
  };
  const int64_t begin = std::min(kRadius, width), end = std::max(begin, width - kRadius);
  for (int64_t x = 0; x < begin; ++x) at_border(x);
  for (int64_t x = begin; x < end; ++x) {
    float sum = 0.0f;
    for (int64_t i = -kRadius; i <= kRadius; ++i) sum += in[x + i];
    out[x] = sum / static_cast<float>(2 * kRadius + 1);
  }
  for (int64_t x = end; x < width; ++x) at_border(x);
}

}  // namespace

ChromaUpsample::ChromaUpsample(UpsamplePlan plan, WorkerPool& pool)
    : plan_(std::move(plan)),
      planes_(kMoments * plan_.width * plan_.height),
      scratch_(planes_.size()),
      pool_(pool),
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
      row_means(planes_.data() + line * plan_.width, plan_.width,
                scratch_.data() + line * plan_.width);
  });
  for_row_bands(pool_, planes * plan_.height, [&](int64_t begin, int64_t end, int) {
    for (int64_t line = begin; line < end; ++line) {
      const int64_t plane = line / plan_.height, y = line % plan_.height;
      const int64_t first = std::max<int64_t>(0, y - kRadius);
      const int64_t last = std::min(plan_.height - 1, y + kRadius);
      const float weight = 1.0f / static_cast<float>(last - first + 1);
      float* target = planes_.data() + line * plan_.width;
      std::fill(target, target + plan_.width, 0.0f);
      for (int64_t i = first; i <= last; ++i) {
        const float* source = scratch_.data() + plane * size + i * plan_.width;
        for (int64_t x = 0; x < plan_.width; ++x) target[x] += weight * source[x];
      }
    }
  });
}

/// Luma of a chroma sample of the work picture, 0..1.
float ChromaUpsample::guide(const float* luma, int64_t x, int64_t y) const {
  const int64_t scale = plan_.source.chroma_scale;
  float sum = 0.0f;
  for (int64_t line = 0; line < scale; ++line) {
    const float* pixels = luma + (y * scale + line) * plan_.source.luma_stride + x * scale;
    for (int64_t i = 0; i < scale; ++i) sum += pixels[i];
  }
  return 0.5f + 0.5f * sum / static_cast<float>(scale * scale);
}

void ChromaUpsample::fit(const float* luma, const float* chroma) {
  const int64_t size = plan_.width * plan_.height;
  float* const planes = planes_.data();
  const float* const cb = chroma;
  const float* const cr = chroma + plan_.source.chroma_height * plan_.source.chroma_width;
  const auto for_samples = [&](const auto& visit) {
    for_row_bands(pool_, plan_.height, [&](int64_t begin, int64_t end, int) {
      for (int64_t y = begin; y < end; ++y) {
        for (int64_t x = 0; x < plan_.width; ++x) {
          const int64_t from = y * plan_.source.chroma_width + x;
          visit(planes + y * plan_.width + x, guide(luma, x, y), cb[from], cr[from]);
        }
      }
    });
  };

  for_samples([size](float* to, float guide, float cb, float cr) {
    const float moments[kMoments] = {guide, guide * guide, cb, cr, guide * cb, guide * cr};
    for (int64_t i = 0; i < kMoments; ++i) to[i * size] = moments[i];
  });
  box_means(kMoments);
  for (int64_t i = 0; i < size; ++i) {
    const float mean = planes[i];
    const float inverse = pixel::guided_inverse(mean, planes[size + i], kEpsilon);
    planes[i] = pixel::guided_slope(planes[4 * size + i], mean, planes[2 * size + i], inverse);
    planes[size + i] =
        pixel::guided_slope(planes[5 * size + i], mean, planes[3 * size + i], inverse);
  }
  box_means(2);
  for_samples([size](float* to, float guide, float cb, float cr) {
    to[2 * size] = pixel::guided_rest(cb, to[0], guide);
    to[3 * size] = pixel::guided_rest(cr, to[size], guide);
  });
  for (Rows& rows : rows_) rows.upper = rows.lower = -1;
}

// Not CGAN_WIDE: gathering is slower than one number after the other.
void ChromaUpsample::widen(int64_t row, float* wide) const {
  for (int64_t i = 0; i < kCoefficients; ++i, wide += plan_.grid_width) {
    const float* fitted = planes_.data() + (i * plan_.height + row) * plan_.width;
    for (int64_t x = 0; x < plan_.grid_width; ++x) {
      const Tap& tap = plan_.columns[x];
      wide[x] = pixel::between(fitted[tap.left], fitted[tap.right], tap.share);
    }
  }
}

CGAN_WIDE void ChromaUpsample::row(int64_t y, int thread, const float* luma, float* cb, float* cr) {
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

  const float share = tap.share;
  const float* upper = rows.upper_row.data();
  const float* lower = rows.lower_row.data();
  const int64_t width = plan_.grid_width;
#pragma omp simd
  for (int64_t x = 0; x < width; ++x) {
    cb[x] = pixel::guided_chroma(upper[x], lower[x], upper[2 * width + x], lower[2 * width + x],
                                 share, luma[x]);
    cr[x] = pixel::guided_chroma(upper[width + x], lower[width + x], upper[3 * width + x],
                                 lower[3 * width + x], share, luma[x]);
  }
}

}  // namespace cgan
