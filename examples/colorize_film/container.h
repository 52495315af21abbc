#pragma once

// What the result's container takes, and how a stream is led into it.

#include <gst/gst.h>

#include <string>
#include <string_view>
#include <vector>

#include "examples/colorize_film/options.h"

namespace colorize_film {

// A new muxer for OUT's ending (.mp4 .m4v .mov .mkv .webm), of Matroska for standard output; NULL
// for a sequence of pictures, which has none. Floating reference.
// Throws RunError: kUsage for another ending, kFailure with the package's name if it is missing.
GstElement* make_muxer(const std::string& output);

// Whether OUT is a file for each picture.
bool writes_pictures(const std::string& output);

// The codecs for OUT, the best first.
const std::vector<std::string_view>& codecs_of(const std::string& output);

// Whether a film of `muxer` may begin at another moment than 0: Matroska and WebM. NULL: no.
bool keeps_clock(GstElement* muxer);

// Asks `muxer` for the pad of its video, ahead of all others; it is owned by the muxer.
GstPad* request_video_pad(GstElement* muxer);

// Links `source` (a source pad that carries an encoded stream of `caps`) to a new pad of `muxer`,
// or to `reserved`, one of it that waits; through a parser or a change of subtitle markup where the
// container wants another form of the same stream. What that needs is added to `pipeline` in its
// state. False if this container does not take such a stream: nothing is linked then.
bool link_to_muxer(GstBin* pipeline, GstPad* source, const GstCaps* caps, GstElement* muxer,
                   GstPad* reserved = nullptr);

}  // namespace colorize_film
