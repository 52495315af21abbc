#pragma once

// The timecode of a film: the number that a tape gave its first frame.

#include <gst/gst.h>

#include <cstdint>

#include "examples/colorize_film/options.h"

namespace colorize_film {

struct Timecode {
  FrameRate rate;
  bool drops_frames;  // of the numbers, 2 a minute but each tenth: 29.97 frames a second
  uint32_t frame;     // counted from midnight on
};

// Whether `muxer`, which may be NULL, writes one: MP4's and QuickTime's.
bool keeps_timecode(GstElement* muxer);

// Writes it for what comes to `video`, a pad of that muxer. `start`: of the film, left out. Before
// data comes.
void write_timecode(GstElement* muxer, GstPad* video, Timecode timecode, GstClockTime start);

}  // namespace colorize_film
