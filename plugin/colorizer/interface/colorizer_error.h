#pragma once

#include <stdexcept>
#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

/// A failure that the user can do something about. what() is one sentence that names the remedy;
/// `details` are facts for a developer (found and wanted values, the library's own text).
class ColorizerError : public std::runtime_error {
 public:
  ColorizerError(CganErrorKind kind, const std::string& message, std::string details = "")
      : std::runtime_error(message), kind(kind), details(std::move(details)) {}
  const CganErrorKind kind;
  const std::string details;
};

}  // namespace cgan
