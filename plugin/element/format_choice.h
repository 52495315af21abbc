#pragma once

// Which formats the pads take, and which of the other pad go with one of this pad.

#include <gst/gst.h>

#include <vector>

#include "plugin/colorizer/format/pixel_format.h"

namespace cgan {

// First choice first; they point into kPixelFormats.
using Formats = std::vector<const PixelFormat*>;

// All that the pad of this direction takes: YUV, and at the sink then grey. In a card's memory
// those YUV formats that GStreamer has there: its allocator ends the process for others, and takes
// too little for NV21 of an odd height.
Formats formats_of(GstPadDirection direction, CganMemory memory = CGAN_MEMORY_HOST);

// The formats of the other pad that go with `own` on the pad of `direction`: of the nearest depth
// first, then of the nearest chroma grid, then `own` itself; grey comes last, since converters
// before the element are not to be trusted with its range.
Formats partners(GstPadDirection direction, const PixelFormat& own,
                 CganMemory memory = CGAN_MEMORY_HOST);

// Whether both have chroma samples at the same places, if they have any.
bool have_same_grid(const PixelFormat& a, const PixelFormat& b);

}  // namespace cgan
