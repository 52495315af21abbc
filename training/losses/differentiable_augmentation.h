#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace cgan {

/// Changes pictures before a discriminator sees them, originals and generated ones alike, so that
/// it cannot learn the originals by heart (DiffAugment; Zhao et al., NeurIPS 2020): each is
/// mirrored or not, moved by up to an eighth of its side in x and y, and has a square of a quarter
/// of its area hidden. Colours stay as they are: they are what is judged. Gradients go through.
/// @param pictures (N, C, H, W); what is moved in or hidden is 0
/// @param seed what happens to picture k depends on seed and k only
/// @return the same shape
at::Tensor augment_for_judging(const at::Tensor& pictures, uint64_t seed);

}  // namespace cgan
