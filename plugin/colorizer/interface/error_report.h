#pragma once

#include <exception>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// Turns what was thrown into the kind, sentence and facts that cross the C interface. LibTorch's
/// text comes without its backtrace. Never throws.
/// @param failure not null
/// @param error filled and terminated; NULL: nothing happens
void report_error(const std::exception_ptr& failure, CganError* error) noexcept;

}  // namespace cgan
