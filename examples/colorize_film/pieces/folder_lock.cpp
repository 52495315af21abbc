#include "examples/colorize_film/pieces/folder_lock.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/pieces/durable_file.h"

namespace colorize_film {

// The folder itself is locked, so that no file stays behind.
FolderLock::FolderLock(const std::string& folder) : folder_(folder) {
  make_folder(folder_);
  lock_ = open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ < 0) throw RunError(write_failure(folder_, errno));
  // One that was killed a moment ago may still be on its way out.
  constexpr int kTries = 5;
  constexpr gulong kPause = 30 * 1000;  // microseconds
  for (int i = 1; i < kTries && flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; ++i)
    g_usleep(kPause);
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) {
    make_folder(folder_);  // another run has just ended and removed it
    return;
  }
  const int reason = errno;
  close(lock_);
  throw RunError(reason == EWOULDBLOCK
                     ? "'" + folder_ +
                           "' is in use by another run: wait for its end, or name another result."
                     : "'" + folder_ + "' cannot be locked: " + g_strerror(reason) +
                           ". Name a result on another disk.");
}

FolderLock::~FolderLock() {
  g_rmdir(folder_.c_str());  // refused if anything is in it
  close(lock_);
}

}  // namespace colorize_film
