#pragma once

// What GStreamer's pads say about the stream that they carry.

#include <gst/gst.h>

#include <string>

namespace colorize_film {

// Whether the media type of `caps` begins with `prefix`.
bool is_kind(const GstCaps* caps, const char* prefix);

// Whether they are of a picture, encoded or not.
bool is_picture(const GstCaps* caps);

// What a pad of parsebin carries; without its final details before its first data (MPEG-TS).
// Transfer full.
GstCaps* caps_of(GstPad* pad);

// The codec's name for the user.
std::string describe(const GstCaps* caps);

// The segment of time in which the data of `pad` lie; the whole time where there is none yet, or
// one of bytes.
GstSegment segment_of(GstPad* pad);

// Whether there is an element in `bin` that parts a container into streams, at any depth.
bool has_demuxer(GstElement* bin);

// Whether `bin` has made itself an element of that factory, at any depth.
bool contains(GstElement* bin, const char* factory);

}  // namespace colorize_film
