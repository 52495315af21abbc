#pragma once

// The page of --report: one file that needs no other, for any browser.

#include <string>
#include <utility>
#include <vector>

#include "examples/colorize_film/shot_log.h"

namespace colorize_film {

struct ReportFacts {
  std::string input, output;
  std::vector<std::pair<std::string, std::string>> settings;  // (name, value)
  std::vector<std::string> warnings;                          // sentences
  double seconds = 0;                                         // that the run took
};

// HTML. `shots` and `frames` in the order of their times.
std::string report_page(const ReportFacts& facts, const std::vector<Shot>& shots,
                        const std::vector<FrameMeasure>& frames);

}  // namespace colorize_film
