#pragma once

// Colours of 16 bits as the codes of a frame and back, without the truncation of videoconvert,
// which costs up to six codes of 12 bits.

#include <gst/video/video.h>

#include <vips/vips8>

namespace colorize_film {

// `rgb`: R'G'B' of 16 bits; the result: Y', Cb, Cr by range, matrix and depth of `info`, a YUV
// format of 4:4:4, each the nearest.
vips::VImage codes_of_rgb(const vips::VImage& rgb, const GstVideoInfo& info);

// The other way, clipped.
vips::VImage rgb_of_codes(const vips::VImage& codes, const GstVideoInfo& info);

}  // namespace colorize_film
