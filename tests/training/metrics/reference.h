#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json.hpp>

namespace cgan {

/// reference.json: inputs of the measures and what independent programs make of them.
const nlohmann::json& reference();

/// Nested arrays of numbers as a double tensor of the same shape.
at::Tensor tensor(const nlohmann::json& numbers);

}  // namespace cgan
