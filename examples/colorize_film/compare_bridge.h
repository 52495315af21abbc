#pragma once

// The joint of --compare: the coloured stream goes in, a stream of both pictures comes out.

#include <gst/gst.h>

#include <functional>

#include "examples/colorize_film/frame_pairs.h"

namespace colorize_film {

// An element with one sink pad (I420) and one source pad (I420 of twice the width). For each frame
// it takes the original from `pairs` (borrowed, must outlive the element) and pushes
// `side_by_side` of the two, with the times of the coloured one; a frame without original is an
// error on the bus. `on_frame` is called with each picture from the streaming thread; it borrows.
// Floating reference.
GstElement* make_compare_bridge(FramePairs* pairs, std::function<void(GstSample*)> on_frame);

// Before a pipeline ends: lets frames through that wait in the bridge, if it has one, for room
// behind it. The thread that waits holds a lock that ending takes, and what is to make room may
// have ended already.
void release_compare_bridge(GstElement* pipeline);

}  // namespace colorize_film
