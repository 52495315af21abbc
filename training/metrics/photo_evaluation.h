#pragma once

#include <nlohmann/json.hpp>

#include "training/metrics/evaluation.h"

namespace cgan {

/// Scores photographs, each at its own size: those of `options.data`, coloured by
/// `options.weights` or found in `options.results`; or, without either, the baselines alone. Writes
/// the contact sheet. Adds the keys that evaluate() promises for photographs to `json`.
/// @throws as evaluate().
void evaluate_photographs(const EvaluationOptions& options, nlohmann::ordered_json& json);

}  // namespace cgan
