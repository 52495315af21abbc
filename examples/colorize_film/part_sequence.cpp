#include "examples/colorize_film/part_sequence.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace colorize_film {
namespace {

// Its own name holds no number: GStreamer counts in the last part of a path and in all others.
std::string folder_for(const std::string& pattern) {
  std::string folder = pattern + ".part/";
  folder[folder.rfind('%')] = '#';
  return folder;
}

}  // namespace

PartSequence::PartSequence(const std::string& pattern, bool may_replace)
    : pattern_(pattern), part_folder_(folder_for(pattern)), name_(pattern) {
  g_autofree char* last = g_path_get_basename(pattern.c_str());
  part_pattern_ = part_folder_ + last;
  if (!g_file_test(name_.folder().c_str(), G_FILE_TEST_IS_DIR))
    throw RunError("There is no folder '" + name_.folder() + "': make it first.");
  if (!may_replace && !name_.numbers().empty())
    throw RunError("Pictures '" + pattern_ + "' exist: name others, or replace them with --force.");
}

PartSequence::~PartSequence() {
  if (lock_ < 0) return;
  empty_folder();
  g_rmdir(part_folder_.c_str());
  close(lock_);
}

void PartSequence::claim() {
  if (g_mkdir(part_folder_.c_str(), 0777) != 0 && errno != EEXIST)
    throw RunError("Cannot make the folder '" + part_folder_ + "': " + g_strerror(errno) +
                   ". Name a result where you may write.");
  lock_ = open(part_folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ < 0 || flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    if (lock_ >= 0) close(std::exchange(lock_, -1));
    throw RunError("'" + part_folder_ +
                   "' is being written by another run: wait for its end, or name another result.");
  }
  empty_folder();
}

void PartSequence::keep() {
  const SequenceName parts = name_.in_folder(part_folder_);
  const auto written = parts.numbers();
  for (const int64_t old : name_.numbers()) g_unlink(name_.of(old).c_str());
  for (auto number = written.rbegin(); number != written.rend(); ++number)
    if (g_rename(parts.of(*number).c_str(), name_.of(*number).c_str()) != 0)
      throw RunError("Cannot name the picture '" + name_.of(*number) + "': " + g_strerror(errno) +
                     ".");
}

void PartSequence::empty_folder() const {
  const SequenceName parts = name_.in_folder(part_folder_);
  for (const int64_t number : parts.numbers()) g_unlink(parts.of(number).c_str());
}

}  // namespace colorize_film
