#pragma once

// Turns pictures of one kind into another, one after the other.

#include <gst/gst.h>

#include <string>

namespace colorize_film {

// A pipeline of its own that stands ready, where gst_video_convert_sample makes one for each
// picture. Thread-safety: one thread at a time.
class PictureMill {
 public:
  // `chain`: elements of gst-launch-1.0 between what comes and what is wanted.
  // Throws RunError for elements that are missing.
  explicit PictureMill(const std::string& chain);
  ~PictureMill();
  PictureMill(const PictureMill&) = delete;
  PictureMill& operator=(const PictureMill&) = delete;

  // The caller owns it. Throws RunError if a picture cannot be turned.
  GstSample* turn(GstSample* picture);

 private:
  GstElement* pipeline_;
  GstElement* source_;
  GstElement* sink_;
};

// A JPEG file as what a mill takes, owned by the caller, and what one gives as a file.
GstSample* sample_of_jpeg(const std::string& jpeg);
std::string bytes_of(GstSample* picture);

}  // namespace colorize_film
