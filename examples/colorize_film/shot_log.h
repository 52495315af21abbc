#pragma once

// What a run is worth telling of: its shots, and how colour goes on over time.

#include <gst/gst.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "examples/colorize_film/frame_pairs.h"
#include "examples/colorize_film/picture_mill.h"

namespace colorize_film {

// Of one coloured frame, in codes of 8 bits.
struct FrameMeasure {
  GstClockTime time = 0;  // running time
  float cb = 0, cr = 0;   // mean distance of each from grey
  float flicker = 0;      // mean change of chroma since the frame before, where luma stands still
  bool is_kept = false;   // it kept a colour of its own
};

struct Shot {
  GstClockTime start = 0, end = 0;  // running time
  int64_t frames = 0;
  int64_t kept = 0;
  double cb = 0, cr = 0, flicker = 0;  // means over its frames
  std::string picture;                 // JPEG: original left, result right
};

// Each coloured frame is told to it on its way; shots are those of the element, which finds none
// where it colours each frame alone. A shot's picture is taken half a second into it.
// Thread-safety: `keep_original` from one thread, `add` from one, the rest when both have ended.
class ShotLog {
 public:
  // Width of a shot's picture, original and result side by side; of the shots of a long film,
  // those after the first `kManyShots`, it is half.
  static constexpr int kPictureWidth = 256;
  static constexpr size_t kManyShots = 200;

  // Throws RunError where pictures cannot be written.
  ShotLog();

  void keep_original(GstPad* pad, GstBuffer* frame) { originals_.keep_original(pad, frame); }
  // `coloured` with its caps and segment; `stats`: of the element, as they are with this frame.
  // Throws RunError if it cannot be read.
  void add(GstSample* coloured, const GstStructure* stats);

  const std::vector<FrameMeasure>& frames() const { return frames_; }
  const std::vector<Shot>& shots() const { return shots_; }

 private:
  // Luma and chroma of a grid of points.
  struct Points {
    std::vector<float> luma, cb, cr;
  };
  static Points points_of(GstSample* coloured);
  FrameMeasure measure(const Points& points, bool is_new_shot) const;
  void take_picture(GstSample* original, GstSample* coloured);

  FramePairs originals_;
  PictureMill mill_, small_mill_;
  Points last_;
  guint64 cuts_ = 0, kept_ = 0;  // of the element, so far
  std::vector<FrameMeasure> frames_;
  std::vector<Shot> shots_;
};

}  // namespace colorize_film
