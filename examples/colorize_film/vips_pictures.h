#pragma once

// Pictures that GStreamer 1.22 reads or writes wrongly or not at all, by libvips: those of 16 bits,
// and DPX. Built without libvips, none of them is read or written.

#include <gst/gst.h>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/sequence.h"

namespace colorize_film {

// Whether these pictures are to be read by `make_vips_source`, as the first of them says.
// Throws RunError with another way for DPX where libvips cannot read it.
bool is_read_by_vips(const Sequence& pictures);

// A source of their frames: GRAY8, GBR, GRAY16_LE, or of 16 bits in colour Y444_12LE: more is not
// coloured. A picture that cannot be read is an error on the bus. Floating reference.
GstElement* make_vips_source(const Sequence& pictures, const FrameRate& rate);

// Registers the encoders vipspngenc and vipstiffenc: Y444_12LE to files of 16 bits.
void register_vips_encoders();

}  // namespace colorize_film
