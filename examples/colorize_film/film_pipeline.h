#pragma once

// The elements that do not depend on what the film holds.

#include <gst/gst.h>

#include <functional>
#include <string>

#include "examples/colorize_film/frame_pairs.h"
#include "examples/colorize_film/options.h"

namespace colorize_film {

// filesrc ! parsebin   multiqueue
//
// videoconvert ! a planar format ! deinterlace ! videoflip ! videoconvertscale ! one size
//   ! cgancolorize ! a planar format [ ! compare ] ! encoder ! muxer ! filesink
//
// What lies between, the streams of the film, is linked when they are known; the formats and the
// encoder when the picture is (encoder_stage.h). All elements belong to `pipeline`, which belongs
// to the holder of this.
struct FilmPipeline {
  GstElement* pipeline = nullptr;
  GstElement* parser = nullptr;       // parsebin: a pad for each stream, still encoded
  GstElement* queues = nullptr;       // multiqueue for all of them
  GstElement* video_entry = nullptr;  // takes the decoded video
  GstElement* colorizer = nullptr;    // cgancolorize
  GstElement* taken = nullptr;        // filters of formats: of what comes in,
  GstElement* deinterlacer = nullptr;
  GstElement* one_size = nullptr;    // of what the element takes
  GstElement* made = nullptr;        // and of what it makes
  GstElement* coloured = nullptr;    // its source pad gives the coloured frames
  GstElement* to_encoder = nullptr;  // the last one before the encoder
  GstElement* muxer = nullptr;       // NULL: a file for each picture
  GstPad* muxed = nullptr;  // of the muxer or the sink: what it takes of the video passes here
};

// Builds it in state NULL, with the element's settings applied. `pairs` and `on_compared` serve
// --compare (compare_bridge.h) and must outlive the pipeline.
// Throws RunError for a film that is not there, missing elements and settings that cannot be.
FilmPipeline build_film_pipeline(const Options& options, const std::string& result_path,
                                 FramePairs* pairs, std::function<void(GstSample*)> on_compared);

}  // namespace colorize_film
