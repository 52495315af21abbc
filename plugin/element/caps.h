#pragma once

// What the element takes and gives: the format tables, the choice among what downstream takes, and
// the colour description of a negotiated stream.
//
//   in      out, first choice first   colour description of the output
//   I420    I420, NV12, Y444          the input's
//   NV12    NV12, I420, Y444          the input's
//   GRAY8   I420, NV12, Y444          the input's range, since its bytes become the luma plane; the
//                                     matrix that downstream or the input's caps ask for, else
//                                     BT.601 up to 576 lines and BT.709 above
//
// Gray caps of matrix BT.601 ask for nothing: converters write them for gray of every origin.
// Chroma made for gray lies in the middle of its luma pixels (chroma-site "jpeg"), and the caps say
// so unless downstream asks for another site; YUV keeps the site that it came with. Frames are
// progressive and at most 16384 pixels wide and high; every other field is passed on.
//
// Thread-safety: any thread; nothing here has a state.

#include <gst/video/video.h>

#include <string>

#include "plugin/colorizer/colorizer_interface.h"

namespace cgan {

// New references to the pad templates' caps.
GstCaps* sink_template_caps();
GstCaps* src_template_caps();

// As GstBaseTransformClass::transform_caps: what the other side may be for `caps` on the side of
// `direction`. Transfer full; `filter` may be NULL.
GstCaps* transform_caps(GstPadDirection direction, const GstCaps* caps, const GstCaps* filter);

// As GstBaseTransformClass::fixate_caps: the one caps to use of `other_caps` (transfer full, not
// empty) for the fixed `caps`.
GstCaps* fixate_caps(GstPadDirection direction, const GstCaps* caps, GstCaps* other_caps);

// Describes a negotiated stream for the colorizer. `in_caps` is what `in` was parsed from. False:
// it cannot be coloured, and `problem` is a sentence for the user that names the remedy.
bool describe_stream(const GstCaps* in_caps, const GstVideoInfo& in, const GstVideoInfo& out,
                     CganStreamInfo& stream, std::string& problem);

}  // namespace cgan
