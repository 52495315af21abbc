#pragma once

#include <gst/gst.h>

#include <string>

namespace colorize_film {

// As the file says, GST_CLOCK_TIME_NONE where it cannot be read at once: who colours it has better
// sentences for that.
GstClockTime film_length(const std::string& path);

}  // namespace colorize_film
