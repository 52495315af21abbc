#include "model/inference/int8/activation_ranges.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "model/weights/generator_weights.h"
#include "model/weights/weights.h"

namespace cgan {
namespace {

using nlohmann::json;

bool is_range(const json& value) {
  if (!value.is_array() || value.size() != 2) return false;
  if (!value[0].is_number() || !value[1].is_number()) return false;
  const float low = value[0].get<float>(), high = value[1].get<float>();
  return std::isfinite(low) && std::isfinite(high) && low <= 0 && high >= 0 && low < high;
}

}  // namespace

std::string to_text(const ActivationRanges& ranges) {
  json text = json::object();
  for (const auto& [layer, range] : ranges) text[layer] = {range.low, range.high};
  return text.dump();
}

bool is_calibrated(const Weights& weights) {
  return !weights.header.ranges.empty();
}

ActivationRanges activation_ranges(const Weights& weights) {
  if (!is_calibrated(weights))
    throw ModelFileError(
        ModelFileError::Kind::kInvalid,
        (weights.source.empty() ? "The model" : "The model file '" + weights.source + "'") +
            " has no ranges for int8; run cgan-calibrate on it, or use another precision.");
  const auto parsed = json::parse(weights.header.ranges, nullptr, false);
  if (!parsed.is_object()) refuse_weights(weights, "its activation ranges are not a JSON object");
  ActivationRanges ranges;
  for (const auto& [layer, range] : parsed.items()) {
    if (!is_range(range))
      refuse_weights(weights, "the activation range of '" + layer + "' is " + range.dump() +
                                  ", not [low, high] around 0");
    ranges[layer] = {range[0].get<float>(), range[1].get<float>()};
  }
  return ranges;
}

}  // namespace cgan
