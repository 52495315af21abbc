#pragma once

#include <memory>

#include "model/frozen_generator.h"
#include "model/weights.h"

namespace cgan {

/// FrozenGenerator::create for the architecture "photo-generator": luma of any rectangle whose
/// sides are multiples of 32, chroma_scale() 2. The vector of variant v are std::mt19937_64(v)'s
/// numbers, one for each channel of the bottleneck, uniform, of half the standard deviation that
/// the batch norm there gave its channel: the same colours on every machine.
/// @throws as FrozenGenerator::create
std::unique_ptr<FrozenGenerator> freeze_photo_generator(const Weights& weights,
                                                        const FrozenGenerator::Options& options);

}  // namespace cgan
