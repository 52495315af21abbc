#pragma once

// Photographs through the element cgancolorize, one after the other.

#include <gst/gst.h>

#include <optional>
#include <vips/vips8>

#include "examples/colorize_photo/options.h"

namespace colorize_photo {

// Keeps the element, and with it the loaded network, from picture to picture.
// Thread-safety: one thread.
class PhotoColorizer {
 public:
  // Makes the element with these settings. Throws RunError where there is none, or for a setting
  // that it does not take.
  explicit PhotoColorizer(const Options& options);
  ~PhotoColorizer();
  PhotoColorizer(const PhotoColorizer&) = delete;
  PhotoColorizer& operator=(const PhotoColorizer&) = delete;

  // The colours of a picture of 1 or 3 bands, 8 or 16 bits and any size: 2 bands of float, Cb and
  // Cr of BT.601 as shares of the full range, -0.5 to 0.5, of the picture's size. None where the
  // picture is in colour and keeps it. Throws RunError with the element's sentence, vips::VError
  // where the picture cannot be decoded.
  std::optional<vips::VImage> colours(const vips::VImage& pixels);

 private:
  GstSample* colour(GstCaps* caps, GstBuffer* frame);
  void end_stream();

  GstElement* pipeline_ = nullptr;  // owned
  GstElement* source_ = nullptr;
  GstElement* element_ = nullptr;
  GstElement* sink_ = nullptr;
};

}  // namespace colorize_photo
