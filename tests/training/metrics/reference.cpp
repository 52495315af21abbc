#include "reference.h"

#include <ATen/ATen.h>

#include <fstream>
#include <functional>
#include <vector>

namespace cgan {

const nlohmann::json& reference() {
  static const auto json = nlohmann::json::parse(std::ifstream(CGAN_METRICS_REFERENCE));
  return json;
}

at::Tensor tensor(const nlohmann::json& numbers) {
  std::vector<int64_t> shape;
  for (const auto* level = &numbers; level->is_array(); level = &level->front())
    shape.push_back(static_cast<int64_t>(level->size()));
  std::vector<double> values;
  const std::function<void(const nlohmann::json&)> collect = [&](const nlohmann::json& node) {
    if (!node.is_array()) return values.push_back(node.get<double>());
    for (const auto& member : node) collect(member);
  };
  collect(numbers);
  return at::tensor(values, at::kDouble).view(shape);
}

}  // namespace cgan
