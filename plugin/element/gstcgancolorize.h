#pragma once

// The element `cgancolorize`: colours black-and-white video with a conditional GAN and leaves its
// luma bit for bit as it is. Everything a user meets is in its properties and in the SECTION
// comment of gstcgancolorize.cpp; the network is behind colorizer_interface.h.
//
// Thread-safety: that of a GstElement; properties may be set from any thread at any time.

#include <gst/video/gstvideofilter.h>

G_BEGIN_DECLS

#define GST_TYPE_CGAN_COLORIZE (gst_cgan_colorize_get_type())
G_DECLARE_FINAL_TYPE(GstCganColorize, gst_cgan_colorize, GST, CGAN_COLORIZE, GstVideoFilter)

GST_ELEMENT_REGISTER_DECLARE(cgancolorize)

G_END_DECLS
