#include "examples/colorize_film/part_file.h"

#include <glib.h>
#include <glib/gstdio.h>

#include <cerrno>
#include <utility>

#include "examples/colorize_film/options.h"

namespace colorize_film {

PartFile::PartFile(std::string final_path, bool may_replace)
    : final_path_(std::move(final_path)), part_path_(final_path_ + ".part") {
  if (g_file_test(final_path_.c_str(), G_FILE_TEST_IS_DIR))
    throw RunError("'" + final_path_ + "' is a folder: name a file in it.");
  if (!may_replace && g_file_test(final_path_.c_str(), G_FILE_TEST_EXISTS))
    throw RunError("'" + final_path_ + "' exists: name another file, or replace it with --force.");
  g_autofree char* folder = g_path_get_dirname(final_path_.c_str());
  if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
    throw RunError(std::string("There is no folder '") + folder + "': make it first.");
  if (g_file_test(part_path_.c_str(), G_FILE_TEST_EXISTS))
    throw RunError("'" + part_path_ +
                   "' exists: another run is writing it, or one was killed. Remove it, or name "
                   "another result.");
}

PartFile::~PartFile() {
  if (!is_kept_) g_unlink(part_path_.c_str());
}

void PartFile::keep() {
  if (g_rename(part_path_.c_str(), final_path_.c_str()) != 0)
    throw RunError("Cannot name the result '" + final_path_ + "': " + g_strerror(errno) + ".");
  is_kept_ = true;
}

}  // namespace colorize_film
