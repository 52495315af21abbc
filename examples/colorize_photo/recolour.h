#pragma once

#include <vips/vips8>

namespace colorize_photo {

// R'G'B' with the luma of `pixels` (1 or 3 bands, 8 or 16 bits, full range) and the colours
// `chroma` (2 bands of float, Cb and Cr of BT.601 as shares of the range, the same size), in the
// depth of `pixels` and with their metadata. A colour that R'G'B' cannot show at its luma is paled
// until it can: each sample is off by rounding alone, and luma by less than a code. The result is
// made line by line when it is asked for, whatever its size.
vips::VImage recoloured(const vips::VImage& pixels, const vips::VImage& chroma);

}  // namespace colorize_photo
