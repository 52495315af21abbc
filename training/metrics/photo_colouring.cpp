#include "training/metrics/photo_colouring.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

#include "model/colour.h"
#include "training/metrics/blended_chroma.h"
#include "training/metrics/resampling.h"

namespace cgan {
namespace {

int64_t rounded_up(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

at::Tensor scaled(const at::Tensor& picture, const at::Tensor& rows, const at::Tensor& columns) {
  return rows.matmul(picture).matmul(columns.t());
}

}  // namespace

PhotoColouring::PhotoColouring(std::unique_ptr<FrozenGenerator> generator, int64_t work_size,
                               double saturation, double vividness)
    : generator_(std::move(generator)),
      work_size_(work_size > 0 ? work_size : generator_->short_side()),
      saturation_(saturation),
      vividness_(vividness),
      pool_(std::make_unique<WorkerPool>(available_processors())),
      workspace_(*pool_) {}

at::Tensor PhotoColouring::colour(const at::Tensor& luma) {
  const at::NoGradGuard no_grad;
  const int64_t height = luma.size(2), width = luma.size(3);
  const double shrink = std::min(1.0, static_cast<double>(work_size_) / std::min(height, width));
  const auto work_side = [shrink](int64_t side) {
    return std::max<int64_t>(1, std::llround(side * shrink));
  };
  const int64_t rows = work_side(height), columns = work_side(width);
  const auto work = scaled(luma * 2 - 1, area_weights(height, rows), area_weights(width, columns));
  const int64_t multiple = generator_->multiple(), scale = generator_->chroma_scale();
  const auto padded = at::replication_pad2d(
      work, {0, rounded_up(columns, multiple) - columns, 0, rounded_up(rows, multiple) - rows});

  // The last chroma sample of an odd side lies half in the margin.
  const int64_t chroma_rows = rounded_up(rows, scale) / scale;
  const int64_t chroma_columns = rounded_up(columns, scale) / scale;
  const auto chroma = blended_chroma(*generator_, padded.contiguous(), vividness_, workspace_)
                          .narrow(2, 0, chroma_rows)
                          .narrow(3, 0, chroma_columns);
  const auto cells = [scale](int64_t side) { return static_cast<double>(side) / scale; };
  const auto full = scaled(chroma, linear_weights(chroma_rows, cells(rows), height),
                           linear_weights(chroma_columns, cells(columns), width));
  return ycbcr_to_rgb(at::cat({luma, full * saturation_}, 1)).clamp(0, 1).contiguous();
}

}  // namespace cgan
