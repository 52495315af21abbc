#pragma once

#include <ATen/core/Tensor.h>

namespace cgan {

/// Mean |difference| of Cb and Cr (BT.601, -0.5..0.5) between two coloured moments of one scene,
/// over the pixels that both show: what flickers in a film without the scene changing. Both sides
/// have gradients: neither moment is the truth.
/// @param first (N, 3, h, w), RGB, -1..1
/// @param second (M, 3, h, w), M <= N: the first M scenes a moment later
/// @param motion (M, 2), int64, CPU: second(y, x) shows what first(y + motion[0], x + motion[1])
///   shows, in pixels of `scale` per pixel of these pictures; smaller than the pictures
/// @param scale divides every motion
/// @return scalar
at::Tensor consistency_loss(const at::Tensor& first, const at::Tensor& second,
                            const at::Tensor& motion, int64_t scale);

}  // namespace cgan
