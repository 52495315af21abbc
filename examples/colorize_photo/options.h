#pragma once

// What the user asked of colorize-photo, read from the command line.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "examples/colorize_film/options.h"  // RunError, exit codes

namespace colorize_photo {

using colorize_film::ExitCode;
using colorize_film::RunError;

struct Options {
  std::vector<std::string> inputs;    // pictures and folders of pictures; at least one
  std::string output;                 // a picture, or a folder
  bool force = false;                 // existing results may be replaced
  std::optional<std::string> preset;  // of cgancolorize, before the settings
  std::vector<std::pair<std::string, std::string>> settings;  // (property, value) of cgancolorize
};

// Reads the command line; `--help` and `--version` print and end the program.
// Throws RunError with kUsage for what cannot be meant.
Options parse_options(int argc, char** argv);

}  // namespace colorize_photo
