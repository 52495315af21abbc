#pragma once

// What GStreamer says when it has no element for a stream.

#include <gst/gst.h>

namespace colorize_film {

// Whether the film can do without what the message of pbutils says is missing: all but the picture
// and the container.
bool is_dispensable(GstMessage* missing_plugin);

}  // namespace colorize_film
