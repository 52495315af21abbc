#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "model/weights/weights.h"

/// What weights say of how they were made, WeightsHeader::provenance: the fields of the last leg
/// (program, data, recipe, ...) and
///   started_from  every leg before it as one flat list, each after those that it went on from,
///                 equal ones once; every leg has its own fields, `file` (the weights' name,
///                 without folder) and `from`
///   from          numbers, from 0, of the legs in that list that this one went on from: none for a
///                 random start, several for an average
/// However many legs there were, the nesting is the same: readers refuse deep metadata.
namespace cgan {

/// A leg that goes on from weights, as provenance.
/// @param leg its own fields
/// @param from empty: a random start. Provenance as the programs wrote it before it was flat, with
///   histories inside of legs, is made flat.
/// @throws std::invalid_argument where a history is none of this program's.
nlohmann::json provenance_after(nlohmann::json leg, const std::vector<Weights>& from);

/// The provenance of these weights, flat.
/// @throws std::invalid_argument as above
nlohmann::json flat_provenance(const Weights& weights);

}  // namespace cgan
