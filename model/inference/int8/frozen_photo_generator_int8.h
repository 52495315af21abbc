#pragma once

#include <memory>

#include "model/inference/frozen_generator.h"
#include "model/networks/generator_options.h"
#include "model/weights/weights.h"

namespace cgan {

/// The photo generator in bytes: all convolutions but the last one, whose chroma keeps its full
/// resolution. Each output is rounded within its range in the weights, see activation_ranges.h;
/// where a sum follows a 1x1 convolution, in kernels of our own only the sum is
/// (byte_convolution.h). Every number of threads and every batch gives the same chroma, up to the
/// last digits of the convolution that is not in bytes.
/// @param weights names and shapes as `network` says
/// @param network photo_generator_options(weights)
/// @throws ModelFileError (kInvalid) where the weights have no ranges, or not those of every layer;
///   std::invalid_argument where int8 does not run here.
std::unique_ptr<FrozenGenerator> freeze_photo_generator_int8(
    const Weights& weights, const PhotoGeneratorOptions& network,
    const FrozenGenerator::Options& options);

}  // namespace cgan
