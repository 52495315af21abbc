#pragma once

// What GStreamer says when it has no element for a stream.

#include <gst/gst.h>

#include <string>

namespace colorize_film {

// Whether the film can do without what the message of pbutils says is missing: all but the picture
// and the container.
bool is_dispensable(GstMessage* missing_plugin);

// What it is in which `input` is coded, and what to do about it: a sentence.
std::string tell_missing(GstMessage* missing_plugin, const std::string& input);

}  // namespace colorize_film
