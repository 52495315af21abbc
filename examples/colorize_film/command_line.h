#pragma once

// What the command lines of colorize-film and colorize-photo have in common.

#include <glib.h>

#include <string>
#include <utility>
#include <vector>

namespace colorize_film {

// Reads the words by `entries` and GStreamer's own options; --help prints both texts and ends the
// process. Returns what is wrong as a sentence; empty: nothing.
std::string read_words(int argc, char** argv, const GOptionEntry* entries, const char* summary,
                       const char* examples);

// Adds those of --set PROPERTY=VALUE; `words` ends with NULL, or is NULL. Returns as read_words.
std::string add_settings(char** words, std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace colorize_film
