#pragma once

// Films that are a file for each picture, named by a number: name-%06d.png.

#include <cstdint>
#include <string>
#include <vector>

namespace colorize_film {

// A name with one %d or %06d in its last part.
class SequenceName {
 public:
  // Throws RunError (kUsage) where `is_sequence` is false.
  explicit SequenceName(const std::string& pattern);

  std::string of(int64_t number) const;
  // The numbers of the files that are there, in order.
  std::vector<int64_t> numbers() const;

  const std::string& folder() const { return folder_; }
  // With its folder in the place of the pattern's own.
  SequenceName in_folder(const std::string& folder) const;

 private:
  std::string folder_, prefix_, suffix_;
  size_t width_ = 0;  // least digits
};

bool is_sequence(const std::string& path);

// The media type that the ending of a name tells: "image/png". Throws RunError (kUsage) where it is
// not .png, .tif, .tiff, .dpx, .jpg or .jpeg.
std::string media_of(const std::string& path);

constexpr char kDpx[] = "image/x-dpx";
// Where nothing reads DPX. Throws RunError with a way round.
[[noreturn]] void refuse_dpx(const std::string& pattern);

// Pictures to read.
struct Sequence {
  std::string pattern;
  int64_t first = 0;
  int64_t count = 0;
  std::string media;  // "image/png"
};

// A file of this very name is none.
bool is_sequence_to_read(const std::string& path);

// Throws RunError: where there is none, where one is missing between two others, or where the
// ending is not .png, .tif, .tiff, .dpx, .jpg or .jpeg.
Sequence find_sequence(const std::string& pattern);

}  // namespace colorize_film
