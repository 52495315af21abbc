#pragma once

// A file that gets its name only when it is complete.

#include <string>

#include "examples/colorize_film/result.h"

namespace colorize_film {

// Writers write to `path()`, which is the final name + ".part"; `keep()` renames it. Whatever ends
// the run before that, an exception or a crash included, removes the unfinished file.
class PartFile : public Result {
 public:
  // Throws RunError if `final_path` exists and `may_replace` is false, or if its folder does not
  // exist.
  PartFile(std::string final_path, bool may_replace);
  ~PartFile() override;
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const override { return part_path_; }
  const std::string& final_path() const { return final_path_; }

  // Makes the part, empty. One that a dead run (killed, power cut) left is replaced.
  // Throws RunError if another run is writing it, or if it cannot be written.
  void claim() override;

  // The file is closed and complete: gives it its name. Throws RunError if the rename fails.
  void keep() override;

 private:
  std::string final_path_;
  std::string part_path_;
  int lock_ = -1;  // open and locked as long as the part is this run's
};

}  // namespace colorize_film
