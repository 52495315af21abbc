#pragma once

// Files that survive a power cut once they have their name.

#include <cstddef>
#include <cstdint>
#include <string>

namespace colorize_film {

// The folder `path`, made if it is not there. Throws RunError.
void make_folder(const std::string& path);

// A name beside `path` that no other process on any machine uses; it ends with ".part".
std::string unique_part(const std::string& path);

// Writes the bytes of `part` to the disk, names it `path` in one step, whatever was called so
// before, and writes the folder to the disk. Throws RunError.
void name_durably(const std::string& part, const std::string& path);

// The same with new bytes; nobody ever sees a half of them.
void write_durably(const std::string& path, const void* bytes, size_t size);
void write_durably(const std::string& path, const std::string& text);

// Of a part of a file, to tell damage and changes; `seed`: of what came before. Throws RunError if
// it cannot be read.
uint32_t checksum_of_file(const std::string& path);
uint32_t checksum_of(const void* bytes, size_t size, uint32_t seed = 0);

// What the user does about a failed write of this errno.
std::string write_failure(const std::string& path, int reason);

}  // namespace colorize_film
