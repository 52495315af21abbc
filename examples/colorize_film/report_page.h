#pragma once

// The page of --report: one file that needs no other, for any browser.

#include <string>
#include <utility>
#include <vector>

#include "examples/colorize_film/run_notes.h"

namespace colorize_film {

struct ReportFacts {
  std::string input, output;
  std::vector<std::pair<std::string, std::string>> settings;  // (name, value)
};

// HTML. `shots`: those of the notes, with the pictures that are to be shown.
std::string report_page(const ReportFacts& facts, const RunNotes& notes,
                        const std::vector<Shot>& shots);

}  // namespace colorize_film
