#pragma once

#include "plugin/colorizer/colorizer_interface.h"

namespace cgan::test {

/// Each frame coloured alone.
constexpr CganLook alone(double strength = 1.0, double saturation = 1.0) {
  return {strength, saturation, 0.0, 0.0, 0, 0.0};
}

/// Each frame steadied in time; the network on every (carried + 1)th, sooner where more than
/// `uncertain` of the picture has no sure colour.
constexpr CganLook steady(uint32_t carried, double uncertain = 1.0) {
  return {1.0, 1.0, 0.95, 0.55, carried, uncertain};
}

}  // namespace cgan::test
