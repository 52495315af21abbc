#pragma once

// Which formats the pads take, and which of the other pad go with one of this pad.

#include <gst/gst.h>

#include <vector>

#include "plugin/colorizer/format/pixel_format.h"

namespace cgan {

// First choice first; they point into kPixelFormats.
using Formats = std::vector<const PixelFormat*>;

// All that the pad of this direction takes: YUV, and at the sink then grey.
Formats formats_of(GstPadDirection direction);

// The formats of the other pad that go with `own` on the pad of `direction`: of the nearest depth
// first, then of the nearest chroma grid, then `own` itself; grey comes last, since converters
// before the element are not to be trusted with its range.
Formats partners(GstPadDirection direction, const PixelFormat& own);

// Whether both have chroma samples at the same places, if they have any.
bool have_same_grid(const PixelFormat& a, const PixelFormat& b);

}  // namespace cgan
