#pragma once

// A file that gets its name only when it is complete.

#include <string>

namespace colorize_film {

// Writers write to `path()`, which is the final name + ".part"; `keep()` renames it. Whatever ends
// the run before that, an exception included, removes the unfinished file.
class PartFile {
 public:
  // Throws RunError if `final_path` exists and `may_replace` is false, if its folder does not exist
  // or if there is a part already, which may be another run's.
  PartFile(std::string final_path, bool may_replace);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::string& path() const { return part_path_; }
  const std::string& final_path() const { return final_path_; }

  // The file is closed and complete: gives it its name. Throws RunError if the rename fails.
  void keep();

 private:
  std::string final_path_;
  std::string part_path_;
  bool is_kept_ = false;
};

}  // namespace colorize_film
