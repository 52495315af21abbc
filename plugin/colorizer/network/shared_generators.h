#pragma once

#include <functional>
#include <memory>

#include "model/inference/frozen_generator.h"
#include "model/weights/weights.h"

namespace cgan {

/// The generator of these weights and options that lives in this process already, or else a new
/// one: several colorizers on a card keep one copy of the model there. It goes with the last of
/// them. Weights are the same where their numbers are, whatever file they are from. Thread-safety:
/// any.
/// @param make called where there is none; nobody else gets one meanwhile
/// @throws what `make` throws
std::shared_ptr<FrozenGenerator> shared_generator(
    const Weights& weights, const FrozenGenerator::Options& options,
    const std::function<std::unique_ptr<FrozenGenerator>()>& make);

}  // namespace cgan
