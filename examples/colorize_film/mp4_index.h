#pragma once

// What the index of an MP4 or QuickTime file says that GStreamer's reader does not hand on.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "examples/colorize_film/timecode.h"

namespace colorize_film {

class Mp4Index {
 public:
  // One of a file that has none is empty.
  explicit Mp4Index(const std::string& path);

  // Of the first track of pictures.
  std::optional<int64_t> frames() const;
  // Units a second of the times of the first track of pictures; 0 where nothing is said.
  uint32_t timescale() const;
  // Of the first track of pictures, where that says that its frames are of two fields (box "fiel").
  std::optional<bool> is_top_field_first() const;
  // A track of them.
  bool has_timecode() const;
  // Of its first frame; none where the index does not say where that lies.
  std::optional<Timecode> timecode() const;
  // A list of Nero's, or QuickTime's reference to a track of titles.
  bool has_chapters() const;

 private:
  // What is in the first track of that kind ("vide"); empty where there is none.
  std::string_view track(std::string_view kind) const;

  std::string path_;
  std::string box_;  // what is in the box "moov"
};

}  // namespace colorize_film
