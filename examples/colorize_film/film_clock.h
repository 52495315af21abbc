#pragma once

// What a film's own clock shows at its first moment, and how a result keeps it.

#include <gst/gst.h>

namespace colorize_film {

// Where the clock of a stream begins, if it keeps one that a result can keep, too: Matroska's.
// Other containers begin at 0, or count from a moment that means nothing (transport streams): 0.
// `parser`: parsebin; `pad`: one of its.
GstClockTime clock_start_of(GstElement* parser, GstPad* pad);

// All that comes to `muxer` from now on is written so much later.
void delay(GstElement* muxer, GstClockTime by);

}  // namespace colorize_film
