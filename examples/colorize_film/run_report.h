#pragma once

// Something to look at: --report and --sheet, out of the run itself.

#include <memory>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/part_file.h"
#include "examples/colorize_film/run_notes.h"

namespace colorize_film {

// Whether the user wants any.
bool wants_report(const Options& options);

// The files of both, where they are wanted.
class RunReport {
 public:
  // `options` must outlive it. Throws RunError where a file exists and may not be replaced.
  explicit RunReport(const Options& options);
  void claim();
  // Throws RunError if a file cannot be written.
  void write(const RunNotes& notes);

 private:
  const Options& options_;
  std::unique_ptr<PartFile> page_, sheet_;
};

}  // namespace colorize_film
