#pragma once

// Subtitles as a container stores them, out of the markup in which GStreamer's demuxers give them.

#include <gst/gst.h>

#include <string>
#include <string_view>

namespace colorize_film {

// The text that `markup` (Pango's) stands for: entities such as &amp; become characters again; tags
// such as <i> stay where `keeps_tags` (Matroska's text subtitles have the same ones), else they go.
std::string plain_subtitle(std::string_view markup, bool keeps_tags);

// A filter that turns text/x-raw in pango-markup into the same in utf8 by `plain_subtitle`.
// Floating reference. Throws RunError if GStreamer's capssetter is not installed.
GstElement* make_subtitle_filter(bool keeps_tags);

}  // namespace colorize_film
