#pragma once

// Times that grow from frame to frame.

#include <gst/gst.h>

namespace colorize_film {

// Encoders and containers need times that grow: a decoder that gives none (GIF) or the same again,
// a recording whose clock steps back. From now on a frame that comes out of `element` no later than
// the one before is placed behind it, by its length where the film stands still, by half of it
// where it goes on, until its own times are reached again. Frames whose times grow keep them.
void make_times_grow(GstElement* element);

}  // namespace colorize_film
