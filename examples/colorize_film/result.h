#pragma once

// Where the result goes, complete or not at all.

#include <memory>
#include <string>

#include "examples/colorize_film/options.h"

namespace colorize_film {

class Result {
 public:
  virtual ~Result() = default;
  // What writers write to.
  virtual const std::string& path() const = 0;
  // Makes place for it. Throws RunError if another run is writing it, or if it cannot be written.
  virtual void claim() = 0;
  // All is written and closed: it gets its name. Throws RunError.
  virtual void keep() = 0;
};

// For options.output: a file, a file for each picture, or standard output.
// Throws RunError where it exists and may not be replaced, or cannot be.
std::unique_ptr<Result> make_result(const Options& options);

}  // namespace colorize_film
