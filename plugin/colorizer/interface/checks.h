#pragma once

#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// @throws ColorizerError (CGAN_ERROR_SETTINGS)
[[noreturn]] void refuse_setting(const std::string& message, const std::string& found);

/// @throws ColorizerError (CGAN_ERROR_FRAME)
[[noreturn]] void refuse_frame(const std::string& message, const std::string& details);

/// @throws ColorizerError (CGAN_ERROR_SETTINGS) where a value is outside its range.
void check(const CganSettings& settings);
void check(const CganLook& look);

}  // namespace cgan
