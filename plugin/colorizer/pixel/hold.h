#pragma once

#include "plugin/colorizer/pixel/host_device.h"

namespace cgan::pixel {

/// The code that is shown: that of the frame before, unless the new one is farther away than the
/// tolerance, or without colour.
/// @param code, before samples as they lie in memory
template <typename Code>
CGAN_HOST_DEVICE Code held_code(Code code, Code before, Code tolerance, Code neutral) {
  const Code apart = static_cast<Code>(code > before ? code - before : before - code);
  return ((apart <= tolerance) & (code != neutral)) ? before : code;
}

}  // namespace cgan::pixel
