#include "plugin/colorizer/cpu/chroma_upsample.h"

#include <algorithm>
#include <cmath>

#include "model/kernels/wide_loops.h"

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

ChromaUpsample::ChromaUpsample(const Source& source, int64_t frame_width, int64_t frame_height,
                               const ChromaGrid& grid, WorkerPool& pool)
    : source_(source),
      width_((source.luma_width + source.chroma_scale - 1) / source.chroma_scale),
      height_((source.luma_height + source.chroma_scale - 1) / source.chroma_scale),
      grid_width_(grid.width),
      planes_(kMoments * width_ * height_),
      scratch_(planes_.size()),
      pool_(pool),
      rows_(pool.threads()) {
  // Fitted samples per luma pixel of the frame.
  const auto scale = [&](int64_t work, int64_t frame) {
    return static_cast<double>(work) / (static_cast<double>(frame) * source.chroma_scale);
  };
  const double across = scale(source.luma_width, frame_width);
  const double down = scale(source.luma_height, frame_height);
  columns_ =
      taps(grid.width, grid.first_x * across, static_cast<double>(grid.step_x) * across, width_);
  lines_ = taps(grid.height, grid.first_y * down, static_cast<double>(grid.step_y) * down, height_);
  for (Rows& rows : rows_) {
    rows.upper_row.resize(kCoefficients * grid_width_);
    rows.lower_row.resize(kCoefficients * grid_width_);
  }
}

/// @param first, step centres of the output samples in fitted ones, whose borders are whole numbers
std::vector<ChromaUpsample::Tap> ChromaUpsample::taps(int64_t count, double first, double step,
                                                      int64_t fitted) {
  std::vector<Tap> result(count);
  for (int64_t i = 0; i < count; ++i) {
    const double last = static_cast<double>(fitted - 1);
    const double position = std::clamp(first + static_cast<double>(i) * step - 0.5, 0.0, last);
    const auto left = static_cast<int32_t>(position);
    const auto right = static_cast<int32_t>(std::min<int64_t>(left + 1, fitted - 1));
    result[i] = {left, right, static_cast<float>(position - left)};
  }
  return result;
}

/// Means over (2 kRadius + 1)^2 samples, fewer at the border, of the first planes; in place.
void ChromaUpsample::box_means(int64_t planes) {
  const int64_t size = width_ * height_;
  for_row_bands(pool_, planes * height_, [&](int64_t begin, int64_t end, int) {
    for (int64_t line = begin; line < end; ++line)
      row_means(planes_.data() + line * width_, width_, scratch_.data() + line * width_);
  });
  for_row_bands(pool_, planes * height_, [&](int64_t begin, int64_t end, int) {
    for (int64_t line = begin; line < end; ++line) {
      const int64_t plane = line / height_, y = line % height_;
      const int64_t first = std::max<int64_t>(0, y - kRadius);
      const int64_t last = std::min(height_ - 1, y + kRadius);
      const float weight = 1.0f / static_cast<float>(last - first + 1);
      float* target = planes_.data() + line * width_;
      std::fill(target, target + width_, 0.0f);
      for (int64_t i = first; i <= last; ++i) {
        const float* source = scratch_.data() + plane * size + i * width_;
        for (int64_t x = 0; x < width_; ++x) target[x] += weight * source[x];
      }
    }
  });
}

/// Luma of a chroma sample of the work picture, 0..1.
float ChromaUpsample::guide(const float* luma, int64_t x, int64_t y) const {
  const int64_t scale = source_.chroma_scale;
  float sum = 0.0f;
  for (int64_t line = 0; line < scale; ++line) {
    const float* pixels = luma + (y * scale + line) * source_.luma_stride + x * scale;
    for (int64_t i = 0; i < scale; ++i) sum += pixels[i];
  }
  return 0.5f + 0.5f * sum / static_cast<float>(scale * scale);
}

void ChromaUpsample::fit(const float* luma, const float* chroma) {
  const int64_t size = width_ * height_;
  float* const planes = planes_.data();
  const float* const cb = chroma;
  const float* const cr = chroma + source_.chroma_height * source_.chroma_width;
  const auto for_samples = [&](const auto& visit) {
    for_row_bands(pool_, height_, [&](int64_t begin, int64_t end, int) {
      for (int64_t y = begin; y < end; ++y) {
        for (int64_t x = 0; x < width_; ++x) {
          const int64_t from = y * source_.chroma_width + x;
          visit(planes + y * width_ + x, guide(luma, x, y), cb[from], cr[from]);
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
    const float variance = std::max(planes[size + i] - mean * mean, 0.0f);
    const float inverse = 1.0f / (variance + kEpsilon);
    planes[i] = (planes[4 * size + i] - mean * planes[2 * size + i]) * inverse;
    planes[size + i] = (planes[5 * size + i] - mean * planes[3 * size + i]) * inverse;
  }
  box_means(2);
  for_samples([size](float* to, float guide, float cb, float cr) {
    to[2 * size] = cb - to[0] * guide;
    to[3 * size] = cr - to[size] * guide;
  });
  for (Rows& rows : rows_) rows.upper = rows.lower = -1;
}

// Not CGAN_WIDE: gathering is slower than one number after the other.
void ChromaUpsample::widen(int64_t row, float* wide) const {
  for (int64_t i = 0; i < kCoefficients; ++i, wide += grid_width_) {
    const float* fitted = planes_.data() + (i * height_ + row) * width_;
    for (int64_t x = 0; x < grid_width_; ++x) {
      const Tap& tap = columns_[x];
      wide[x] = fitted[tap.left] + tap.share * (fitted[tap.right] - fitted[tap.left]);
    }
  }
}

CGAN_WIDE void ChromaUpsample::row(int64_t y, int thread, const float* luma, float* cb, float* cr) {
  const Tap& tap = lines_[y];
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
  const int64_t width = grid_width_;
#pragma omp simd
  for (int64_t x = 0; x < width; ++x) {
    const auto at = [&](int64_t plane) {
      const float above = upper[plane * width + x];
      return above + share * (lower[plane * width + x] - above);
    };
    cb[x] = at(0) * luma[x] + at(2);
    cr[x] = at(1) * luma[x] + at(3);
  }
}

}  // namespace cgan
