#pragma once

// What is known of a piece of a film: where it begins, and what was written.

#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace colorize_film {

// Bytes that several may hold; see stream_state.h of the element.
using State = std::shared_ptr<GBytes>;

// Frames after the first one of a shot within which it may turn out to be none: as the element
// says.
constexpr int64_t kShotFrames = 8;

// Where a piece begins.
struct Border {
  GstClockTime time = 0;  // of its first frame in the result, whose clock begins at 0
  uint32_t luma = 0;      // checksum of that frame's luma, as the element gives it
  State state;            // what the frames before say of it; NULL at the beginning of the film
};

// What damage did to a part of the film.
struct Damage {
  int64_t frames = 0;  // that it took; the sum over all parts counts
  int64_t places = 0;  // at which GStreamer warned

  void add(const Damage& other) {
    frames += other.frames;
    places += other.places;
  }
};

// A finished one.
struct Piece {
  GstClockTime begin = 0, last = 0;  // times of its first and its last frame
  int64_t frames = 0;
  Damage damage;
  uint64_t bytes = 0;
  uint32_t checksum = 0;
  std::string file;  // its name in the folder
};

}  // namespace colorize_film
