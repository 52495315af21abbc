#pragma once

#include <memory>
#include <string>

#include "model/inference/frozen_generator.h"
#include "model/inference/photo_folding.h"
#include "model/kernels/instruction_set.h"
#include "model/networks/generator_options.h"
#include "model/weights/weights.h"

namespace cgan {

/// Whether int8 is faster than float32 with the instructions of the set, by measurement; the plain
/// code gives the same colours slowly.
bool int8_pays(InstructionSet set = best_instruction_set());

/// The photo generator in int8: all layers but the last one, whose chroma keeps its full
/// resolution. Each activation is quantized within its range in the weights, see
/// activation_ranges.h; where a sum follows a convolution, only the sum is. Every number of threads
/// and every batch gives the same chroma.
/// @param weights names and shapes as `network` says
/// @param network photo_generator_options(weights)
/// @param folding of the weights, in kFloat on the CPU
/// @throws ModelFileError (kInvalid) where the weights have no ranges, or not those of every layer
std::unique_ptr<FrozenGenerator> freeze_photo_generator_int8(
    const Weights& weights, const PhotoGeneratorOptions& network,
    const FrozenGenerator::Options& options, const PhotoFolding& folding);

}  // namespace cgan
