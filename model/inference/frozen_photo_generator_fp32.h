#pragma once

#include <memory>

#include "model/inference/frozen_generator.h"
#include "model/inference/photo_folding.h"
#include "model/networks/generator_options.h"

namespace cgan {

/// The photo generator in float32 on the CPU, in kernels of our own. Every number of threads and
/// every batch gives the same chroma.
/// @param network, folding of weights whose names and shapes are as `network` says; in kFloat on
/// the
///   CPU
std::unique_ptr<FrozenGenerator> freeze_photo_generator_fp32(
    const PhotoGeneratorOptions& network, const FrozenGenerator::Options& options,
    const PhotoFolding& folding);

}  // namespace cgan
