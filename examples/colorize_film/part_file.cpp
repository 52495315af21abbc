#include "examples/colorize_film/part_file.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "examples/colorize_film/crash_guard.h"
#include "examples/colorize_film/options.h"

namespace colorize_film {
namespace {

constexpr char kEnding[] = ".part";
constexpr size_t kLongestName = 255;  // of a file, on all usual file systems

// The name is cut where the ending would make it too long, between two characters.
std::string part_of(const std::string& path) {
  const size_t name = path.rfind('/') + 1;  // npos + 1 is 0
  size_t end = path.size();
  if (end - name + sizeof(kEnding) - 1 > kLongestName) {
    end = name + kLongestName - (sizeof(kEnding) - 1);
    while (end > name && (static_cast<unsigned char>(path[end]) & 0xc0) == 0x80) --end;
  }
  return path.substr(0, end) + kEnding;
}

bool is_still_named(int file, const std::string& path) {
  struct stat opened = {};
  struct stat named = {};
  return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

PartFile::PartFile(std::string final_path, bool may_replace)
    : final_path_(std::move(final_path)), part_path_(part_of(final_path_)) {
  if (g_file_test(final_path_.c_str(), G_FILE_TEST_IS_DIR))
    throw RunError("'" + final_path_ + "' is a folder: name a file in it.");
  if (!may_replace && g_file_test(final_path_.c_str(), G_FILE_TEST_EXISTS))
    throw RunError("'" + final_path_ + "' exists: name another file, or replace it with --force.");
  g_autofree char* folder = g_path_get_dirname(final_path_.c_str());
  if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
    throw RunError(std::string("There is no folder '") + folder + "': make it first.");
}

PartFile::~PartFile() {
  if (lock_ < 0) return;
  forget_at_crash(part_path_);
  g_unlink(part_path_.c_str());
  close(lock_);
}

// A lock ends with its process, whatever ends that: a part without one has no owner.
void PartFile::claim() {
  do {
    if (lock_ >= 0) close(lock_);  // its owner has just renamed or removed it
    lock_ = open(part_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (lock_ < 0)
      throw RunError("Cannot write '" + part_path_ + "': " + g_strerror(errno) +
                     ". Name a result where you may write.");
    if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      close(std::exchange(lock_, -1));
      throw RunError(reason == EWOULDBLOCK
                         ? "'" + part_path_ +
                               "' is being written by another run: wait for its end, or name "
                               "another result."
                         : "'" + part_path_ + "' cannot be locked: " + g_strerror(reason) +
                               ". Name a result on another disk.");
    }
  } while (!is_still_named(lock_, part_path_));
  remove_at_crash(part_path_);
}

void PartFile::keep() {
  if (g_rename(part_path_.c_str(), final_path_.c_str()) != 0)
    throw RunError("Cannot name the result '" + final_path_ + "': " + g_strerror(errno) + ".");
  forget_at_crash(part_path_);
  close(std::exchange(lock_, -1));
}

}  // namespace colorize_film
