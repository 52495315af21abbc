#pragma once

#include "plugin/colorizer/pixel/host_device.h"

namespace cgan::pixel {

/// The code that is shown: that of the frame before, or where the new one is farther from it than
/// the tolerance, the nearest that is not; or the new one, where that is without colour. Of all
/// that stay within the tolerance this moves least in sum (the "play" operator, see Brokate and
/// Sprekels, "Hysteresis and Phase Transitions", 1996, chapter 2).
/// @param code, before samples as they lie in memory
template <typename Code>
CGAN_HOST_DEVICE Code held_code(Code code, Code before, Code tolerance, Code neutral) {
  const bool is_above = code > before;
  const Code apart = static_cast<Code>(is_above ? code - before : before - code);
  const Code nearest = static_cast<Code>(is_above ? code - tolerance : code + tolerance);
  const Code held = apart <= tolerance ? before : nearest;
  return code == neutral ? code : held;
}

}  // namespace cgan::pixel
