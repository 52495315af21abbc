#pragma once

// What the index of an MP4 or QuickTime file says that GStreamer's reader does not hand on.

#include <cstdint>
#include <optional>
#include <string>

namespace colorize_film {

class Mp4Index {
 public:
  // One of a file that has none is empty.
  explicit Mp4Index(const std::string& path);

  // Of the first track of pictures.
  std::optional<int64_t> frames() const;
  // A list of Nero's, or QuickTime's reference to a track of titles.
  bool has_chapters() const;

 private:
  std::string box_;  // what is in the box "moov"
};

}  // namespace colorize_film
