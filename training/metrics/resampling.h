#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

/// Scaling of pictures by two matrices, rows.matmul(picture).matmul(columns.t()): exact at any
/// ratio of sizes, and short.
namespace cgan {

/// Each of `to` pixels as the mean of the stretch of `from` pixels that it covers, shares of pixels
/// at its ends included. @return (to, from), float32, rows sum to 1
at::Tensor area_weights(int64_t from, int64_t to);

/// Linear interpolation of `samples` that lie at the centres of equal cells, at the centres of `to`
/// pixels; outside of the first and last sample these go on.
/// @param cells how many cells, not always whole, all `to` pixels cover from the first one's edge
/// @return (to, samples), float32, rows sum to 1
at::Tensor linear_weights(int64_t samples, double cells, int64_t to);

}  // namespace cgan
