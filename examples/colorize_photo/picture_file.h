#pragma once

// Pictures as files: what libvips reads and writes, made plain for colouring.

#include <string>
#include <vector>
#include <vips/vips8>

namespace colorize_photo {

// A picture as it is coloured: upright, full range, with the metadata of its file.
struct Picture {
  vips::VImage pixels;             // 1 band (grey) or 3 (R'G'B'), of 8 or 16 bits
  vips::VImage alpha;              // 1 band of the same size and depth; null: none
  std::vector<std::string> notes;  // what is not as in the file, a sentence each
};

// By the ending: can a result have this name?
bool has_picture_ending(const std::string& path);

// By the first bytes: is it of a kind that read_picture knows?
bool looks_like_picture(const std::string& path);

// Opens a picture; its pixels are decoded when they are asked for, which throws vips::VError where
// the file is damaged. Throws RunError for what is missing, no picture, or has channels or
// samples that cannot be coloured.
Picture read_picture(const std::string& path);

// Encodes `pixels` by the ending of `path`, with the metadata that they carry; what the format
// cannot hold is added to `notes`. Throws vips::VError.
std::string encode_picture(const vips::VImage& pixels, const std::string& path,
                           std::vector<std::string>& notes);

}  // namespace colorize_photo
