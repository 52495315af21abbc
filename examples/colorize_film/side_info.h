#pragma once

// What a container holds beside its streams, and what of it the result cannot hold.

#include <gst/gst.h>

#include <optional>
#include <string>
#include <vector>

#include "examples/colorize_film/timecode.h"

namespace colorize_film {

class SideInfo {
 public:
  // Reads an event of any stream; each says it for the whole film.
  void read(GstEvent* event);

  // GStreamer reads neither chapters nor timecode of MP4: looks for them in the file.
  void read_mp4(const std::string& path);

  // MXF always has one, which GStreamer's reader does not hand on.
  void expect_timecode() { has_timecode_ = true; }
  // That of MP4, where it is read. After `read_mp4`.
  const std::optional<Timecode>& timecode() const { return timecode_; }

  // A sentence for each thing that is lost. `tracks`: sound and subtitles that go along; `is_span`:
  // the film's own times do not hold for the result.
  std::vector<std::string> losses(const std::string& input, GstElement* muxer, int tracks,
                                  bool is_span) const;

 private:
  guint chapters_ = 0;
  guint attachments_ = 0;
  bool has_cover_ = false;
  bool has_mp4_chapters_ = false;
  bool has_timecode_ = false;
  std::optional<Timecode> timecode_;
};

}  // namespace colorize_film
