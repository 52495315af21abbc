#include "examples/colorize_film/pieces/durable_file.h"

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <vector>

#include "examples/colorize_film/options.h"

namespace colorize_film {
namespace {

// Closes a file at the end of a scope.
class File {
 public:
  File(const std::string& path, int flags)
      : path_(path), file_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (file_ < 0) fail();
  }
  ~File() { close(file_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write_all(const void* bytes, size_t size) {
    const char* at = static_cast<const char*>(bytes);
    while (size > 0) {
      const ssize_t written = write(file_, at, size);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      at += written;
      size -= static_cast<size_t>(written);
    }
  }
  size_t read_some(void* bytes, size_t size) {
    const ssize_t count = read(file_, bytes, size);
    if (count < 0) fail();
    return static_cast<size_t>(count);
  }
  void sync() {
    // Some file systems of networks cannot, and write at once.
    if (fsync(file_) != 0 && errno != EINVAL && errno != ENOTSUP) fail();
  }

 private:
  [[noreturn]] void fail() const { throw RunError(write_failure(path_, errno)); }

  std::string path_;
  int file_;
};

}  // namespace

std::string write_failure(const std::string& path, int reason) {
  if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
    return "There is no room left for '" + path +
           "': make some and run the same again, finished pieces are kept.";
  return "'" + path + "' cannot be read or written: " + g_strerror(reason) +
         ". Name a result where you may write.";
}

void make_folder(const std::string& path) {
  if (g_mkdir_with_parents(path.c_str(), 0777) != 0) throw RunError(write_failure(path, errno));
}

std::string unique_part(const std::string& path) {
  g_autofree char* unique = g_uuid_string_random();
  return path + "." + unique + ".part";
}

void name_durably(const std::string& part, const std::string& path) {
  File(part, O_RDONLY).sync();
  if (g_rename(part.c_str(), path.c_str()) != 0) throw RunError(write_failure(path, errno));
  g_autofree char* folder = g_path_get_dirname(path.c_str());
  File(folder, O_RDONLY | O_DIRECTORY).sync();
}

void write_durably(const std::string& path, const void* bytes, size_t size) {
  const std::string part = unique_part(path);
  try {
    File(part, O_WRONLY | O_CREAT | O_EXCL).write_all(bytes, size);
    name_durably(part, path);
  } catch (...) {
    g_unlink(part.c_str());
    throw;
  }
}

void write_durably(const std::string& path, const std::string& text) {
  write_durably(path, text.data(), text.size());
}

uint32_t checksum_of(const void* bytes, size_t size, uint32_t seed) {
  return static_cast<uint32_t>(crc32_z(seed, static_cast<const Bytef*>(bytes), size));
}

uint32_t checksum_of_file(const std::string& path) {
  File file(path, O_RDONLY);
  std::vector<char> block(1U << 20);
  uint32_t sum = 0;
  while (const size_t count = file.read_some(block.data(), block.size()))
    sum = checksum_of(block.data(), count, sum);
  return sum;
}

}  // namespace colorize_film
