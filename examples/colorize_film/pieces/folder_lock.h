#pragma once

#include <string>

namespace colorize_film {

// One process at a time works in a folder. A lock ends with its process, whatever ends that.
class FolderLock {
 public:
  // Makes the folder if it is not there. Throws RunError where another process works in it.
  explicit FolderLock(const std::string& folder);
  // The folder goes, too, if it is empty but for the lock.
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  std::string folder_;
  int lock_;
};

}  // namespace colorize_film
