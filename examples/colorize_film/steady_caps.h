#pragma once

// What a film says of its picture, made whole and kept from beginning to end.

#include <gst/gst.h>

#include <functional>
#include <initializer_list>
#include <string>

namespace colorize_film {

// The name of the application message that tells a sentence for the user, in its field "sentence".
constexpr char kRemark[] = "colorize-film-remark";

// Posts it; any thread.
void remark(GstElement* element, const std::string& sentence);

// Gets a copy of caps to write into, and whether frames have come before them.
using CapsChange = std::function<void(GstCaps* caps, bool has_frames)>;

// Calls `change` with all caps that come to `element`, which sees what becomes of them. Before data
// comes.
void change_caps(GstElement* element, CapsChange change);

// Where the YUV video that comes to `element` names a range of luma but no matrix, the matrix (and
// what else is missing of its colour description) becomes that of its size, BT.601 up to 576 lines
// and BT.709 above, and the range stays: GStreamer would take all of it for unknown. What names
// nothing gets what GStreamer takes it for, and the usual site of chroma: what is left open would
// be converted as soon as a filter behind is definite. A shape of pixels that cannot be becomes
// that of squares. Before data comes.
void complete_colorimetry(GstElement* element);

// The first caps that come to `converter` decide `fields` for ever: `filter`, a capsfilter that
// follows, holds them. Encoders and containers take one picture size only. The first change of one
// of `fields` posts `on_change` as a remark, if it is not empty. Of what comes later, the `labels`
// are those of the first caps, too, whatever is true. Before data comes.
void keep_first(GstElement* converter, GstElement* filter,
                std::initializer_list<const char*> fields,
                std::initializer_list<const char*> labels, const std::string& on_change);

}  // namespace colorize_film
