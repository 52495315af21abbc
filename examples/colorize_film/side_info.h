#pragma once

// What a container holds beside its streams, and what of it the result cannot hold.

#include <gst/gst.h>

#include <string>
#include <vector>

namespace colorize_film {

class SideInfo {
 public:
  // Reads an event of any stream; each says it for the whole film.
  void read(GstEvent* event);

  // GStreamer reads neither chapters nor timecode of MP4: looks for them in the file.
  void read_mp4(const std::string& path);

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
};

}  // namespace colorize_film
