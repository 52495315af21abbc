#pragma once

#include <memory>

#include "model/inference/frozen_generator.h"
#include "model/inference/int8/activation_ranges.h"
#include "model/weights/weights.h"

namespace cgan {

/// FrozenGenerator::create for the architecture "photo-generator": luma of any rectangle whose
/// sides are multiples of 32, chroma_scale() 2. The vector of variant v are std::mt19937_64(v)'s
/// numbers, one for each channel of the bottleneck, uniform, of half the standard deviation that
/// the batch norm there gave its channel: the same colours on every machine.
/// @throws as FrozenGenerator::create
std::unique_ptr<FrozenGenerator> freeze_photo_generator(const Weights& weights,
                                                        const FrozenGenerator::Options& options);

/// The same, in kFloat on the CPU, and with every picture shows `observe` the layers that the int8
/// form rounds: "encoder.stem", of each block "encoder.blocks.N." the "expand" where there is one,
/// "depthwise", "project" and the "sum" where the input is added, "bottleneck.conv" and
/// "bottleneck.sum", of each block d1..d4 "skip", "up", "merge", "conv1", "conv2" and "sum".
std::unique_ptr<FrozenGenerator> freeze_photo_generator(const Weights& weights,
                                                        const FrozenGenerator::Options& options,
                                                        ActivationObserver observe);

}  // namespace cgan
