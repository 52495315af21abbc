#pragma once

// Which of GStreamer's readers are passed over for others, or for a sentence.

#include <gst/gst.h>

namespace colorize_film {

// Lets `bin`, a parsebin or a decodebin, do without those readers of GStreamer 1.22 that never come
// to an end (GIF, NUT, playlists) and, where avdec_mjpeg is installed, without the one that halves
// the chroma of JPEG of 4:2:2 and 4:4:4. Where no other is left, `bin` says that one is missing.
void choose_readers(GstElement* bin);

}  // namespace colorize_film
