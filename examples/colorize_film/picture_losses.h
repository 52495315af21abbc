#pragma once

// What of a picture's description an encoder and a container cannot hold; docs/containers.md has
// the table.

#include <gst/gst.h>

#include <string>
#include <vector>

#include "examples/colorize_film/first_picture.h"

namespace colorize_film {

// Whether what `encoder` writes can say that black is 0.
bool holds_full_range(GstElement* encoder);

// A sentence for each thing that is lost. `muxer`: NULL for a file for each picture.
std::vector<std::string> picture_losses(const FirstPicture& picture, GstElement* encoder,
                                        GstElement* muxer, const std::string& input);

}  // namespace colorize_film
