#include "plugin/colorizer/cpu/work_copy.h"

#include <algorithm>
#include <cmath>

#include "model/kernels/wide_loops.h"
#include "plugin/colorizer/format/sample.h"

namespace cgan {
namespace {

int64_t round_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

int64_t mirrored(int64_t position, int64_t length) {
  const int64_t folded = position % (2 * length);
  return folded < length ? folded : 2 * length - 1 - folded;
}

}  // namespace

WorkSize work_size_for(int64_t frame_width, int64_t frame_height, int64_t short_side,
                       const TileRule& rule) {
  const int64_t frame_short = std::min(frame_width, frame_height);
  const double scale = std::min(1.0, static_cast<double>(short_side) / frame_short);
  const auto scaled = [scale](int64_t side) {
    return std::max<int64_t>(1, std::llround(side * scale));
  };
  WorkSize size = {scaled(frame_width), scaled(frame_height), 0, 0, 0, 0};
  const auto pad = [&rule](int64_t side, int64_t& padded, int64_t& tile) {
    const bool fits = side <= rule.largest;
    padded = round_up(side, fits ? rule.multiple : rule.alignment);
    tile = fits ? padded : rule.largest;
  };
  pad(size.width, size.padded_width, size.tile_width);
  pad(size.height, size.padded_height, size.tile_height);
  return size;
}

WorkCopy::WorkCopy(const StreamFormat& format, const WorkSize& size, WorkerPool& pool)
    : frame_width_(format.width),
      sample_bytes_(format.in.sample_bytes()),
      size_(size),
      columns_(spans(format.width, size.width)),
      rows_(spans(format.height, size.height)),
      pool_(pool),
      sums_(pool.threads(), std::vector<float>(format.width)),
      work_(size.padded_width * size.padded_height) {
  const CodeScale samples = format.luma_samples();
  const double area = static_cast<double>(format.width) / size.width *
                      (static_cast<double>(format.height) / size.height);
  scale_ = static_cast<float>(2.0 / (samples.scale * area));
  offset_ = static_cast<float>(-2.0 * samples.offset / samples.scale - 1.0);
}

std::vector<WorkCopy::Span> WorkCopy::spans(int64_t source, int64_t target) {
  std::vector<Span> result(target);
  for (int64_t i = 0; i < target; ++i) {
    // Whole numbers until the last step: no border is lost or counted twice by rounding.
    const int64_t begin = i * source, end = begin + source;  // in source pixels * target
    const int64_t first = begin / target, last = (end - 1) / target;
    const double unit = 1.0 / target;
    const int64_t first_end = std::min(end, (first + 1) * target);
    result[i] = {first, last, static_cast<float>((first_end - begin) * unit),
                 static_cast<float>((end - last * target) * unit)};
  }
  return result;
}

template <typename Sample>
CGAN_WIDE void WorkCopy::mean_row(const LumaView& luma, int64_t y, float* sums) {
  const Span& rows = rows_[y];
  const auto* samples = reinterpret_cast<const Sample*>(luma.row(rows.first));
  const int64_t width = frame_width_;
  for (int64_t x = 0; x < width; ++x) sums[x] = rows.first_weight * samples[x];
  for (int64_t line = rows.first + 1; line <= rows.last; ++line) {
    const float weight = line == rows.last ? rows.last_weight : 1.0f;
    samples = reinterpret_cast<const Sample*>(luma.row(line));
    for (int64_t x = 0; x < width; ++x) sums[x] += weight * samples[x];
  }

  float* work = work_.data() + y * size_.padded_width;
  for (int64_t x = 0; x < size_.width; ++x) {
    const Span& columns = columns_[x];
    float sum = columns.first_weight * sums[columns.first];
    for (int64_t i = columns.first + 1; i < columns.last; ++i) sum += sums[i];
    if (columns.last > columns.first) sum += columns.last_weight * sums[columns.last];
    work[x] = std::clamp(sum * scale_ + offset_, -1.0f, 1.0f);
  }
  for (int64_t x = size_.width; x < size_.padded_width; ++x) {
    work[x] = work[mirrored(x, size_.width)];
  }
}

template <typename Sample>
void WorkCopy::mean_rows(const LumaView& luma) {
  for_row_bands(pool_, size_.height, [&](int64_t first, int64_t last, int thread) {
    for (int64_t y = first; y < last; ++y) mean_row<Sample>(luma, y, sums_[thread].data());
  });
}

const float* WorkCopy::run(const LumaView& luma) {
  sample_bytes_ == 1 ? mean_rows<Sample8>(luma) : mean_rows<Sample16>(luma);
  for (int64_t y = size_.height; y < size_.padded_height; ++y) {
    const float* source = work_.data() + mirrored(y, size_.height) * size_.padded_width;
    std::copy(source, source + size_.padded_width, work_.data() + y * size_.padded_width);
  }
  return work_.data();
}

}  // namespace cgan
