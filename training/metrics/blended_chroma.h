#pragma once

#include <ATen/core/Tensor.h>

#include "model/inference/frozen_generator.h"

namespace cgan {

/// Chroma of pictures of any size: at once where the generator takes any rectangle, otherwise in
/// squares of its field, half overlapping, under a raised cosine, as the element does.
/// @param gray (N, 1, H, W), Y', -1..1, float32; H and W multiples of generator.multiple()
/// @param vividness, workspace as for FrozenGenerator::chroma()
/// @return (N, 2, H/s, W/s) with s = generator.chroma_scale(): Cb, Cr, -0.5..0.5
at::Tensor blended_chroma(const FrozenGenerator& generator, const at::Tensor& gray,
                          double vividness, Workspace& workspace);

}  // namespace cgan
