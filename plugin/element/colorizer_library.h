#pragma once

// Opens libcgancolorizer.so, the half of the program that holds the network and LibTorch. The
// element asks for it when it leaves NULL, so that a process that never colours never loads it.
//
// Where it is looked for, the first that opens wins:
//   1. the file that the environment variable CGANCOLORIZE_LIBRARY names; if it is set, no other
//   2. ../colorizer/ beside the plugin's own file: the build tree
//   3. the folder the library was configured to be installed to
// The library stays loaded until the process ends: LibTorch does not survive being unloaded.

#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

struct LibraryError {
  std::string message;  // one sentence for the user that names the remedy
  std::string details;  // every place that was tried and the loader's own text
};

// Returns the library's function table, valid until the process ends, or NULL with `error` filled.
// Opening it a second time costs next to nothing.
// Thread-safety: any thread.
const CganColorizerInterface* open_colorizer_library(LibraryError& error);

}  // namespace cgan
