#pragma once

// One run: a film in, the coloured film out.

#include <gst/gst.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "examples/colorize_film/film_pipeline.h"
#include "examples/colorize_film/frame_pairs.h"
#include "examples/colorize_film/options.h"
#include "examples/colorize_film/part_file.h"
#include "examples/colorize_film/progress.h"

namespace colorize_film {

// The streams of the film wait at the parser until all are known: then it is decided which are
// taken, and a
// --start is sought before anything reaches the muxer, which could not unwrite it.
// Thread-safety: one thread, which runs the default main context; GStreamer's threads come in
// through the private callbacks only.
class FilmJob {
 public:
  // Builds everything that does not depend on the film. Throws RunError.
  explicit FilmJob(Options options);
  ~FilmJob();
  FilmJob(const FilmJob&) = delete;
  FilmJob& operator=(const FilmJob&) = delete;

  // Colours the film; returns when the result has its name. Throws RunError: a sentence for the
  // user, and no file is left; kInterrupted after SIGINT or SIGTERM.
  void run();

  // What was done, one line. After `run`.
  std::string summary() const;

 private:
  struct Stream {
    GstPad* pad;  // of parsebin, owned
    gulong gate;  // probe that holds the stream back until the plan stands
  };

  void watch_data();

  void plan_streams();
  void seek_to_span(GstPad* pad);
  void take_video(GstPad* pad);
  void take_along(GstPad* pad, const GstCaps* caps);
  GstPad* through_queue(GstPad* pad);
  void check_complete() const;

  void on_message(GstMessage* message);
  void on_error(GstMessage* message);
  void finish(const std::string& sentence, ExitCode code);
  void warn(const std::string& sentence);

  void on_parsed_pad(GstPad* pad);
  void announce_streams();
  void on_decoded_pad(GstPad* pad);
  void on_original(GstPad* pad, GstBuffer* buffer);
  void on_coloured(GstPad* pad, GstBuffer* buffer);
  void keep_picture(GstSample* both, GstClockTime position);

  Options options_;
  Progress progress_;
  FramePairs pairs_;
  std::unique_ptr<PartFile> result_, picture_file_;  // the second where a picture is wanted

  GMainLoop* loop_ = nullptr;
  FilmPipeline film_;  // owned

  std::mutex streams_mutex_;
  std::vector<Stream> streams_;
  bool are_streams_planned_ = false;  // under the mutex: those that come now are not taken
  std::atomic<bool> are_streams_announced_{false};
  std::atomic<bool> has_decoded_{false};

  GstClockTime film_length_ = GST_CLOCK_TIME_NONE;    // as the container says
  GstClockTime span_end_ = GST_CLOCK_TIME_NONE;       // last moment of the film that is wanted
  GstClockTime result_length_ = GST_CLOCK_TIME_NONE;  // of what is written
  std::atomic<GstClockTime> last_moment_{0};          // end of what came out of the container

  GstClockTime picture_time_ = 0;  // running time from which a frame serves for the picture
  std::atomic<bool> needs_picture_{false};
  GstSample* picture_ = nullptr;  // owned; streaming thread until the end of the stream

  int damaged_places_ = 0;
  std::string failure_;  // first one; empty: none
  ExitCode exit_code_ = kSuccess;
};

}  // namespace colorize_film
