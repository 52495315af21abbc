#pragma once

// What a run tells of its frames, for --report and --sheet.

#include <gst/gst.h>

#include <cstdint>
#include <string>
#include <vector>

namespace colorize_film {

// Of one coloured frame, in codes of 8 bits.
struct FrameMeasure {
  GstClockTime time = 0, length = 0;  // in the result
  float cb = 0, cr = 0;               // mean distance of each from grey
  float flicker = 0;     // mean change of chroma since the frame before, where luma stands still
  bool is_kept = false;  // it kept a colour of its own
  bool begins_shot = false;  // as the element says; that the first one does goes without saying
};

struct ShotPicture {
  GstClockTime time = 0;  // of its frame
  std::string jpeg;       // original left, result right
};

// Of a run, or of one piece of a film.
struct RunNotes {
  std::vector<FrameMeasure> frames;
  std::vector<ShotPicture> pictures;  // by time; a shot may have several
  std::vector<std::string> warnings;  // sentences
  double seconds = 0;                 // that it took

  // What follows it in time. A sentence that is there already is not said again.
  void append(const RunNotes& next);
};

struct Shot {
  GstClockTime start = 0, end = 0;
  int64_t frames = 0;
  int64_t kept = 0;
  double cb = 0, cr = 0, flicker = 0;  // means over its frames
  std::string picture;                 // JPEG, half a second into the shot where it lasts so long
};

std::vector<Shot> shots_of(const RunNotes& notes);

// A shot's picture is taken so long after its beginning.
constexpr GstClockTime kPictureTime = GST_SECOND / 2;

}  // namespace colorize_film
