#pragma once

// Captions that lie in the frames (CEA-608 and CEA-708), as broadcasts have them.

#include <gst/gst.h>

#include <string>

namespace colorize_film {

// Whether an encoder of codec.h writes them.
bool keeps_captions(GstElement* encoder);

// Posts `sentence` as a remark (steady_caps.h) when the first frame with captions comes to
// `element`. Before data comes.
void remark_captions(GstElement* element, const std::string& sentence);

}  // namespace colorize_film
