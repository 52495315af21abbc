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

// While it lives, so many seconds are an end of that kind, too, with kFailure: for calls into
// GStreamer that may never return, so that no signal is answered either. One at a time.
class Deadline {
 public:
  explicit Deadline(double seconds);  // 0: none
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
};

}  // namespace colorize_film
