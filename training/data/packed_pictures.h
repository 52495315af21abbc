#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "training/data/dataset.h"

/// Decoded pictures in one file, so that each is decoded once and memory is the page cache's:
///   1. "CGANPACK", 8 bytes
///   2. key, number of pictures, bytes of the class names: 3 x uint64 in the machine's byte order
///   3. per picture: offset of its pixels in the file, height, width, label (-1: none): 4 x int64
///   4. class names, each ended by a line feed
///   5. pixels: R, G, B bytes, row after row
namespace cgan {

/// One entry of a pack that is being written.
struct PackEntry {
  int64_t height, width;  ///< 0, 0 leaves the picture out
  int64_t label;          ///< -1: none
};

/// Writes a pack under a temporary name; `finish` gives it its own. Without it the temporary file
/// is removed.
/// Thread-safety: `pixels_of` may be used by several threads, each for other pictures.
class PackWriter {
 public:
  /// Sizes must be known before the pixels are.
  /// @throws std::runtime_error where the disk refuses.
  PackWriter(const std::string& path, uint64_t key, std::vector<PackEntry> entries,
             const std::vector<std::string>& class_names);
  ~PackWriter();
  PackWriter(const PackWriter&) = delete;
  PackWriter& operator=(const PackWriter&) = delete;

  /// height * width * 3 bytes to be filled, in the mapped file.
  uint8_t* pixels_of(int64_t index);
  /// Drops a picture that turned out not to be readable. Before `finish`.
  void leave_out(int64_t index);
  /// @throws std::runtime_error where the disk refuses.
  void finish();

 private:
  std::string path_, temporary_;
  uint8_t* bytes_ = nullptr;
  size_t size_ = 0;
};

/// Opens a pack; the pictures stay on disk until they are read.
/// @return null where there is no file, it is no pack or has another key
std::unique_ptr<Dataset> open_pack(const std::string& path, uint64_t key,
                                   const std::string& description);

}  // namespace cgan
