#pragma once

// What the result's container takes, and how a stream is led into it.

#include <gst/gst.h>

#include <string>

#include "examples/colorize_film/options.h"

namespace colorize_film {

// A new muxer for OUT's ending (.mp4 .m4v .mov .mkv .webm); floating reference.
// Throws RunError: kUsage for another ending, kFailure with the package's name if it is missing.
GstElement* make_muxer(const std::string& output);

// Whether a film of `muxer` may begin at another moment than 0: Matroska and WebM.
bool keeps_clock(GstElement* muxer);

// A new encoder for that container, a bin with one sink and one source pad; floating reference.
// `description` as gst-launch-1.0 reads it, or the best of the installed ones without.
// Throws RunError: kUsage if the description cannot be read, kFailure if no encoder is installed.
GstElement* make_encoder(const std::string& output, const std::optional<std::string>& description);

// Prepares an encoder of `make_encoder` for a film of odd width or height, before data comes: H.264
// has no such sizes with halved chroma and gets full chroma then, which fewer players show.
void allow_odd_size(GstElement* encoder);

// Links `source` (a source pad that carries an encoded stream of `caps`) to a new pad of `muxer`,
// through a parser or a change of subtitle markup where the container wants another form of the
// same stream; what that needs is added to `pipeline` in its state. False if this container does
// not take such a stream: nothing is linked then.
bool link_to_muxer(GstBin* pipeline, GstPad* source, const GstCaps* caps, GstElement* muxer);

}  // namespace colorize_film
