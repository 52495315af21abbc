#pragma once

#include <vector>

#include "model/weights/weights.h"

namespace cgan {

/// The average of networks that were trained on from the same weights in different ways: a "model
/// soup" (Wortsman et al., ICML 2022), nearer to the truth than each of them. Statistics of batch
/// norms are averaged, too. Its provenance names the parts with
/// their shares and holds the legs of all; it has no ranges for int8.
/// @param shares one per network, which sum to 1
/// @throws std::invalid_argument where there are no networks, they differ in architecture, options
///   or shapes, or the shares are not such
Weights average_weights(const std::vector<Weights>& parts, const std::vector<double>& shares);

}  // namespace cgan
