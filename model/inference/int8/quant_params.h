#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "model/inference/int8/activation_ranges.h"

namespace cgan {

/// How the numbers of an activation are quantized to eight bits: number = scale * (code -
/// zero_point), codes 0..255 ("asymmetric, per tensor": Jacob et al., CVPR 2018). Where the range
/// begins at 0, clipping to it is ReLU.
struct QuantParams {
  explicit QuantParams(const ActivationRange& range)
      : scale((static_cast<double>(range.high) - range.low) / 255),
        zero_point(std::clamp<int64_t>(std::lround(-range.low / scale), 0, 255)) {}

  double scale;
  int64_t zero_point;  ///< 0..255
};

}  // namespace cgan
