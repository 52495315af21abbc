#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>
#include <vector>

#include "training/data/dataset.h"

/// Sets of pictures that a generator is scored on side by side.
namespace cgan {

/// Pictures to be scored, with the name under which they are reported.
struct ValidationSet {
  std::string name;
  const Dataset& data;  ///< must outlive the set
};

/// The name under which training's own pictures are reported.
constexpr const char kTrainingName[] = "train";

/// @throws std::invalid_argument where there is no set, or a name is empty, training's, none for a
///   file or there twice.
void check_validation_sets(const std::vector<ValidationSet>& sets);

/// Name and folder of "NAME=FOLDER", or of "FOLDER" the folder's own name. What stands before '='
/// is part of the path where it holds a '/'.
std::pair<std::string, std::string> named_folder(const std::string& text);

/// One line a set: what validate() found, as a table with a head, ended by a line break. What no
/// set was asked for has no column, what a set lacks is a dash.
std::string validation_table(const std::vector<std::pair<std::string, nlohmann::json>>& rows);

}  // namespace cgan
