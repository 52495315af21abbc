#pragma once

// One frame out of the two fields of each frame, whatever their order.

#include <gst/gst.h>

namespace colorize_film {

// Makes GStreamer's `deinterlace` give one frame for each that comes, with its time: the order of
// the fields is followed, also where it changes; frames without fields of their own in film of
// mixed kinds (telecined, broadcast) pass bit for bit; repeated fields count once. Before data
// comes; film that is progressive by its caps passes untouched.
void deinterlace_frame_by_frame(GstElement* deinterlacer);

}  // namespace colorize_film
