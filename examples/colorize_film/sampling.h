#pragma once

// How finely a picture is sampled: the bits of its codes and its grid of chroma.

#include <gst/video/video.h>

#include <string>

namespace colorize_film {

struct Sampling {
  int depth = 8;     // bits of a code: 8, 10, 12; of a source also 16
  int chroma = 420;  // 420, 422, 444; 0: grey

  bool operator==(const Sampling& other) const {
    return depth == other.depth && chroma == other.chroma;
  }
  // Whether all of `other` can stand in it.
  bool holds(const Sampling& other) const { return depth >= other.depth && chroma >= other.chroma; }
};

// The least of those above that holds a picture of `info`: RGB counts as 4:4:4, 4:1:1 as 4:2:2.
Sampling sampling_of(const GstVideoInfo& info);

// GStreamer's name of its planar format; of 16 bits only grey has one.
const char* format_of(const Sampling& sampling);

// "10 bits 4:2:2", "16 bits grey".
std::string describe(const Sampling& sampling);

}  // namespace colorize_film
