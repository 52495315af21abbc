#pragma once

#include <c10/core/Device.h>
#include <c10/util/Exception.h>

#include <string>

#include "plugin/colorizer/interface/colorizer_error.h"

namespace cgan {

/// Whether a card's memory is used up: of a failure of the driver only its text tells.
inline bool is_out_of_memory(const c10::Error& error) {
  return dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
         std::string(error.what_without_backtrace()).find("out of memory") != std::string::npos;
}

/// Runs a call that uses the device of a network. What LibTorch throws from a card, but for short
/// memory, becomes a ColorizerError (CGAN_ERROR_DEVICE): its type is that of any failure.
/// @return what the call returns
template <typename Call>
decltype(auto) on_device(const c10::Device& device, const Call& call) {
  try {
    return call();
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const c10::Error& error) {
    if (!device.is_cuda()) throw;
    throw ColorizerError(CGAN_ERROR_DEVICE, "The CUDA card failed; try again, or use device=cpu.",
                         error.what_without_backtrace());
  }
}

}  // namespace cgan
