#pragma once

// What the element takes and gives: the choice among what downstream takes, and the colour
// description of a negotiated stream. The formats are those of pixel_format.h.
//
//   in                     out, first choice first
//   YUV of n bits          every YUV format of n bits or more: the input's own, then those nearest
//                          to it, by depth before chroma grid
//   GRAY8                  every YUV format, as for I420
//   GRAY16_LE              every YUV format, 12 bits before 10 before 8
//
//   colorimetry of the output
//   of YUV                 the input's; where its caps name none, what GStreamer then takes it for
//   of grey                the input's range, since its codes become the luma plane, but limited
//                          where full range is not taken downstream; the matrix that downstream or
//                          the input's caps ask for, else BT.601 up to 576 lines and BT.709 above
//
//   chroma-site of the output: the input's where it has one, else what downstream asks for, else
//   "mpeg2" (left), the default of MPEG-2, H.264 and HEVC
//
// Frames in the memory of a CUDA card (caps feature memory:CUDAMemory) come out in such memory, and
// others in the host's. Where a stream may be either, the first is asked for first. The templates
// name it always, so that they do not differ from build to build.
//
// Grey caps of matrix BT.601 ask for nothing: converters write them for grey of every origin. Both
// descriptions are always written to the output's caps. Frames are whole, or of two fields each in
// turn line by line (interlace-mode progressive, interleaved or mixed), from 16x16 to 7680x4320
// pixels; every other field is passed on.
//
// Thread-safety: any thread; nothing here has a state.

#include <gst/video/video.h>

#include <string>

#include "plugin/colorizer/interface/colorizer_interface.h"

namespace cgan {

// New references to the pad templates' caps.
GstCaps* sink_template_caps();
GstCaps* src_template_caps();

// GStreamer's name of frames in a CUDA card's memory.
inline constexpr char kCudaMemoryFeature[] = "memory:CUDAMemory";
// Where the frames of these caps lie, by their first structure; they must not be empty.
CganMemory memory_of(const GstCaps* caps);

// As GstBaseTransformClass::transform_caps: what the other side may be for `caps` on the side of
// `direction`. Transfer full; `filter` may be NULL. `takes_cuda`: frames may lie on a card.
GstCaps* transform_caps(GstPadDirection direction, const GstCaps* caps, const GstCaps* filter,
                        bool takes_cuda);

// The same with those of a card's memory first; neither may be ANY. Transfer full.
GstCaps* with_cuda_first(const GstCaps* caps);

// As GstBaseTransformClass::fixate_caps: the one caps to use of `other_caps` (transfer full, not
// empty) for the fixed `caps`.
GstCaps* fixate_caps(GstPadDirection direction, const GstCaps* caps, GstCaps* other_caps);

// Describes a negotiated stream for the colorizer; the infos were parsed from the caps. False: it
// cannot be coloured, and `problem` is a sentence for the user that names the remedy.
bool describe_stream(const GstCaps* in_caps, const GstVideoInfo& in, const GstCaps* out_caps,
                     const GstVideoInfo& out, CganStreamInfo& stream, std::string& problem);

}  // namespace cgan
