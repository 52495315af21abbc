#pragma once

// Makes films for the tests and looks into films that the examples wrote.

#include <gst/gst.h>
#include <gst/video/video.h>

#include <cstdint>
#include <string>
#include <vector>

// One decoded picture, I420 without padding.
struct Picture {
  GstClockTime time;  // running time
  std::vector<uint8_t> luma;
  std::vector<uint8_t> chroma;  // Cb, then Cr
};

struct Film {
  GstVideoInfo info;
  std::vector<Picture> pictures;
};

// Runs a gst-launch description to its end; throws with the pipeline's error.
void run_pipeline(const std::string& description);

// Makes a film by ffmpeg, for what GStreamer cannot write; `arguments` are parted by blanks. Throws
// with ffmpeg's words if it fails.
void run_ffmpeg(const std::string& arguments, const std::string& path);

// Decodes the video of a file. Throws if there is none.
Film decode(const std::string& path);

// The encoded packets of the first stream whose caps begin with `kind` ("audio/", "text/"), as
// they are in the file; empty if there is none.
std::vector<std::string> packets(const std::string& path, const std::string& kind);

// Length of the film as its container says.
GstClockTime duration(const std::string& path);

// Films of 64x48, 12 frames in one second, with stereo sound in AAC.
void make_film_with_sound(const std::string& path, const std::string& muxer);

// Largest distance of a chroma value from 128: 0 is a grey picture.
int colour_of(const Picture& picture);
