#pragma once

#include <memory>

#include "model/inference/frozen_generator.h"
#include "model/weights/weights.h"

namespace cgan {

/// FrozenGenerator::create for the architecture "report-generator". The network's picture is
/// turned into Cb and Cr of BT.601 and its luma is thrown away; chroma_scale() is 1.
/// The mask of variant v holds std::mt19937_64(v)'s numbers, d1 before d2, each in the order
/// (channel, row, column): the same colours on every machine.
/// @throws as FrozenGenerator::create
std::unique_ptr<FrozenGenerator> freeze_report_generator(const Weights& weights,
                                                         const FrozenGenerator::Options& options);

}  // namespace cgan
