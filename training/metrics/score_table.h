#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace cgan {

/// Scores as a table for a person: one line a number with its unit; below, one table for each
/// member that holds rows of numbers, such as those by class and by hue. Null is shown as a dash in
/// rows and left out elsewhere.
/// @param scores of evaluate() and its like
std::string score_table(const nlohmann::ordered_json& scores);

/// Writes every number to a file. @throws std::runtime_error where it cannot be written.
void write_scores(const std::string& path, const nlohmann::ordered_json& scores);

}  // namespace cgan
