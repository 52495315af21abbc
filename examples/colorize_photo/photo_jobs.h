#pragma once

// Which picture goes where.

#include <string>
#include <vector>

#include "examples/colorize_photo/options.h"

namespace colorize_photo {

struct PhotoJob {
  std::string input, output;
};

// The pictures of the inputs, in their order (those of a folder by name), each with its result;
// makes the folder OUT where one is wanted. Of a folder's files those count that begin or end like
// a picture, so that a broken one is not passed over. Throws RunError: no picture at all, a result
// that is no picture by its ending, two results of one name, a result that is its own input, a
// folder that cannot be made.
std::vector<PhotoJob> photo_jobs(const Options& options);

}  // namespace colorize_photo
