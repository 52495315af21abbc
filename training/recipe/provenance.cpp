#include "training/recipe/provenance.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace cgan {
namespace {

using nlohmann::json;

constexpr const char kFrom[] = "from";
constexpr const char kLegs[] = "started_from";
constexpr const char kParts[] = "average_of";
constexpr const char kShares[] = "shares";

/// A list of legs that grows, each equal one held once.
class Legs {
 public:
  /// @return number of the leg in the list
  size_t add(json leg) {
    const auto found = std::find(list_.begin(), list_.end(), leg);
    if (found != list_.end()) return std::distance(list_.begin(), found);
    list_.push_back(std::move(leg));
    return list_.size() - 1;
  }

  /// Adds all legs before the last one of a provenance.
  /// @return the last leg, its `from` naming legs of this list
  json add_history(json provenance) {
    json before = take(provenance, kLegs), parts = take(provenance, kParts);
    if (provenance.contains(kFrom)) {
      std::vector<size_t> places;
      for (auto& leg : before) {
        leg[kFrom] = places_of(leg[kFrom], places);
        places.push_back(add(std::move(leg)));
      }
      provenance[kFrom] = places_of(provenance[kFrom], places);
      return provenance;
    }
    provenance[kFrom] = json::array();
    // Once it was the name of the file alone.
    if (before.is_string()) before = json::array({{{"file", before}}});
    // Each went on from the one before it, and may hold an average's parts with theirs.
    for (auto& leg : before) {
      auto last = add_history(std::move(leg));
      if (last[kFrom].empty()) last[kFrom] = provenance[kFrom];
      provenance[kFrom] = json::array({add(std::move(last))});
    }
    for (auto& part : parts) {
      provenance[kShares].push_back(take(part, "share"));
      provenance[kFrom].push_back(add(add_history(std::move(part))));
    }
    return provenance;
  }

  json take_list() { return std::move(list_); }

 private:
  static json take(json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return {};
    auto value = std::move(*found);
    object.erase(found);
    return value;
  }

  static json places_of(const json& numbers, const std::vector<size_t>& places) {
    auto result = json::array();
    for (const auto& number : numbers) result.push_back(places.at(number.get<size_t>()));
    return result;
  }

  json list_ = json::array();
};

json with_list(json last, Legs& legs) {
  auto list = legs.take_list();
  if (!list.empty()) last[kLegs] = std::move(list);
  return last;
}

json last_leg(const Weights& weights, Legs& legs) {
  try {
    return legs.add_history(json::parse(weights.header.provenance));
  } catch (const std::exception& error) {
    throw std::invalid_argument("the provenance of '" + weights.source +
                                "' is none of this program's (" + error.what() +
                                "); choose weights that cgan-train wrote");
  }
}

}  // namespace

json provenance_after(json leg, const std::vector<Weights>& from) {
  Legs legs;
  leg[kFrom] = json::array();
  for (const auto& weights : from) {
    auto last = last_leg(weights, legs);
    last["file"] = std::filesystem::path(weights.source).filename().string();
    leg[kFrom].push_back(legs.add(std::move(last)));
  }
  return with_list(std::move(leg), legs);
}

json flat_provenance(const Weights& weights) {
  Legs legs;
  auto last = last_leg(weights, legs);
  return with_list(std::move(last), legs);
}

}  // namespace cgan
