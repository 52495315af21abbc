#pragma once

// What is still done when a decoder or an encoder takes the whole process with it.

#include <string>

namespace colorize_film {

// From now on a crash (a fault or an abort in any thread) says a sentence with a remedy before the
// process ends by its signal. Once.
void guard_against_crashes();

// It removes the file `path`, too. A few paths at a time; one thread.
void remove_at_crash(const std::string& path);
void forget_at_crash(const std::string& path);

}  // namespace colorize_film
