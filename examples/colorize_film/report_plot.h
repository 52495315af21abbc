#pragma once

// Colour and flicker over time, as a picture of lines for a page.

#include <string>
#include <vector>

#include "examples/colorize_film/run_notes.h"

namespace colorize_film {

// An <svg> element; its size does not grow with the film's.
std::string report_plot(const std::vector<Shot>& shots, const std::vector<FrameMeasure>& frames);

}  // namespace colorize_film
