#pragma once

// What a film's own clock shows at its first moment, and how a result keeps it.

#include <gst/gst.h>

#include <string>

namespace colorize_film {

// Where the clock of a stream begins, if it keeps one that a result can keep, too: Matroska's.
// Other containers begin at 0, or count from a moment that means nothing (transport streams): 0.
// `parser`: parsebin; `pad`: one of its.
GstClockTime clock_start_of(GstElement* parser, GstPad* pad);

// Keeps the times of the pictures of `input`, coded as `coded`, on their grid where those of
// `muxed`, a pad of a muxer, would have one of its own choice: MP4's. Before data comes.
void keep_time_grid(GstElement* parser, const std::string& input, const GstCaps* coded,
                    GstPad* muxed);

// All that comes to `muxer` from now on is written so much later.
void delay(GstElement* muxer, GstClockTime by);

}  // namespace colorize_film
