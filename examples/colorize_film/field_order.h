#pragma once

// Interlaced film: its fields kept, or one frame out of the two of each frame, whatever their
// order.

#include <gst/gst.h>

#include <string>

namespace colorize_film {

// Makes GStreamer's `deinterlace` give one frame for each that comes, with its time: the order of
// the fields is followed, also where it changes; frames without fields of their own in film of
// mixed kinds (telecined, broadcast) pass bit for bit; repeated fields count once. Before data
// comes; film that is progressive by its caps passes untouched.
void deinterlace_frame_by_frame(GstElement* deinterlacer);

// Interlaced film that comes to `element` says in its caps which field comes first: only by them do
// encoders know. That of mixed kinds says it on demand: x264enc wants it, others then no longer
// look at its frames. Before data comes.
void name_first_field(GstElement* element, bool is_top_first, bool names_mixed);

// Where frames of two fields come to `element` in film that is progressive by its caps, these
// become those of mixed kinds: decoders keep what was true of the first frame. Before data comes.
void admit_fields(GstElement* element);

// All frames that come to `element` are of two fields in this order, whatever they say. Before data
// comes.
void mark_fields(GstElement* element, bool is_top_first);

// Whether an encoder of codec.h writes frames of two fields as what they are.
bool keeps_fields(GstElement* encoder);

// Posts `sentence` as a remark (steady_caps.h) when the first frame of two fields comes to
// `element` of which the other one is the first. Before data comes, as the next ones.
void remark_other_order(GstElement* element, bool is_top_first, const std::string& sentence);

// The same for a frame without fields of its own in film of mixed kinds.
void remark_whole_frames(GstElement* element, const std::string& sentence);

// The same when the first frame of two fields comes to
// `element`.
void remark_fields(GstElement* element, const std::string& sentence);

}  // namespace colorize_film
