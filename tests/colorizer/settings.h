#pragma once

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan::test {

/// The defaults, on the CPU.
inline CganSettings settings(uint32_t threads = 0) {
  CganSettings settings = {};
  settings.model = CGAN_DEFAULT_MODEL;
  settings.device = "cpu";
  settings.overlap = CGAN_DEFAULT_OVERLAP;
  settings.threads = threads;
  return settings;
}

}  // namespace cgan::test
