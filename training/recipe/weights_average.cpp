#include "training/recipe/weights_average.h"

#include <ATen/ATen.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "training/recipe/provenance.h"

namespace cgan {
namespace {

bool are_alike(const Weights& a, const Weights& b) {
  if (a.header.architecture != b.header.architecture || a.header.options != b.header.options ||
      a.header.colour_space != b.header.colour_space || a.tensors.size() != b.tensors.size())
    return false;
  for (const auto& [name, tensor] : a.tensors) {
    const auto found = b.tensors.find(name);
    if (found == b.tensors.end() || found->second.sizes() != tensor.sizes()) return false;
  }
  return true;
}

}  // namespace

Weights average_weights(const std::vector<Weights>& parts, const std::vector<double>& shares) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (parts.empty() || shares.size() != parts.size() || !(std::abs(sum - 1) <= 1e-3))
    throw std::invalid_argument("an average needs one share for each of the " +
                                std::to_string(parts.size()) + " files, which sum to 1");
  Weights average;
  average.header = parts[0].header;
  average.header.ranges.clear();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (!are_alike(parts[0], parts[i]))
      throw std::invalid_argument("'" + parts[0].source + "' and '" + parts[i].source +
                                  "' hold different networks; only weights of the same one have "
                                  "an average");
    for (const auto& [name, tensor] : parts[i].tensors) {
      auto& mean = average.tensors[name];
      mean = mean.defined() ? mean.add(tensor, shares[i]) : tensor * shares[i];
    }
  }
  average.header.provenance =
      provenance_after({{"program", "cgan-average"}, {"shares", shares}}, parts).dump();
  return average;
}

}  // namespace cgan
