#pragma once

// A film divided for many machines.
//
// A plan is a file of JSON: the film, the settings, and for each piece where it begins and what the
// frames before say of it, or, within a shot, that the piece before says it: these are made in
// their order. Its pieces lie in the folder PLAN.pieces, which all machines share; each has a file
// of JSON beside it once it is whole. All may be run again, and at the same time.

#include <string>

#include "examples/colorize_film/options.h"

namespace colorize_film {

// Each returns what was done, one line, and throws RunError.

// Finds the cuts of the film as the element does, without its network, and writes the plan.
std::string make_plan(const Options& options);
// Colours one piece, if it is not there; settings and film are the plan's.
std::string colour_piece(const Options& options);
// Joins the pieces with the film's sound and subtitles. They stay.
std::string join_plan(const Options& options);

}  // namespace colorize_film
