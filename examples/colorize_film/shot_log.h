#pragma once

// Notes of the frames of a run, taken on their way.

#include <gst/gst.h>

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "examples/colorize_film/film_pipeline.h"
#include "examples/colorize_film/frame_pairs.h"
#include "examples/colorize_film/picture_mill.h"
#include "examples/colorize_film/run_notes.h"

namespace colorize_film {

// Shots are those of the element, which finds none where it colours each frame alone. Pictures are
// of a shot's first frame, of the first one that comes, and of half a second behind each of them.
// Thread-safety: `add_warning` from any thread, `take_before` from that of the coloured frames or
// when they have ended, all else before they come.
class ShotLog {
 public:
  static constexpr int kPictureWidth = 256;  // original and result side by side

  // Throws RunError where pictures cannot be made.
  ShotLog();

  // Notes the frames of `film`, whose pipeline ends before this.
  void watch(const FilmPipeline& film);
  // Time of the result at which the first data lie.
  void set_origin(GstClockTime origin) { origin_ = origin; }
  // A sentence that the user was told.
  void add_warning(const std::string& sentence);

  // What was noted of the frames before `end`, and since the last call of warnings and seconds.
  RunNotes take_before(GstClockTime end);

 private:
  // Luma and chroma of a grid of points.
  struct Points {
    std::vector<float> luma, cb, cr;
  };
  static Points points_of(GstSample* coloured);
  FrameMeasure measure(const Points& points, bool begins_shot) const;
  void on_coloured(GstPad* pad, GstBuffer* frame);
  void add(GstSample* coloured, const GstStructure* stats, GstClockTime time);
  void take_picture(GstSample* original, GstSample* coloured, GstClockTime time);

  GstElement* colorizer_ = nullptr;  // borrowed
  std::atomic<GstClockTime> origin_{0};
  FramePairs originals_;
  PictureMill mill_;
  Points last_;
  guint64 cuts_ = 0, kept_ = 0;    // of the element, so far
  GstClockTime picture_time_ = 0;  // of the next picture
  gint64 started_us_;
  RunNotes notes_;    // but for the warnings
  std::mutex mutex_;  // of the warnings
  std::vector<std::string> warnings_;
};

}  // namespace colorize_film
