#pragma once

#include <functional>
#include <map>
#include <string>

namespace at {
class Tensor;
}

/// What int8 must know of a network beside its weights: between which values each layer's output
/// lies. Weights without ranges are whole, they only have no int8 form.
namespace cgan {

struct Weights;

/// The values that a layer's output is rounded to reach from low to high; what lies outside is
/// clipped. Finite, low <= 0 <= high, low < high.
struct ActivationRange {
  float low, high;
};

/// By the layer's name: that of its weights ("encoder.blocks.3.expand"), or what FrozenGenerator's
/// form calls a sum ("d2.sum").
using ActivationRanges = std::map<std::string, ActivationRange>;

/// Is shown the output of one layer after another, float32, (N, C, H, W), while it lasts.
using ActivationObserver = std::function<void(const std::string& layer, const at::Tensor& output)>;

/// @return JSON object as text: {"layer": [low, high], ...}
std::string to_text(const ActivationRanges& ranges);

/// Whether the weights have ranges, right or wrong ones.
bool is_calibrated(const Weights& weights);

/// The ranges in the weights' header.
/// @throws ModelFileError (kInvalid) where there are none, with the remedy, and where they are
///   damaged.
ActivationRanges activation_ranges(const Weights& weights);

}  // namespace cgan
