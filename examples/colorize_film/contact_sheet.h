#pragma once

// All shots at a glance: the picture of --sheet.

#include <gst/gst.h>

#include <vector>

#include "examples/colorize_film/run_notes.h"

namespace colorize_film {

// The results of the shots row by row, in the order of the film, as RGB; of more than
// `kMostOnSheet`, as many at even distances. The caller owns it. NULL where no shot has a picture.
// Throws RunError if a picture cannot be read.
constexpr size_t kMostOnSheet = 400;
GstSample* contact_sheet(const std::vector<Shot>& shots);

}  // namespace colorize_film
