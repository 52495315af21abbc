#pragma once

// One run: a film in, the coloured film out.

#include <gst/gst.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "examples/colorize_film/film_pipeline.h"
#include "examples/colorize_film/film_streams.h"
#include "examples/colorize_film/frame_pairs.h"
#include "examples/colorize_film/options.h"
#include "examples/colorize_film/part_file.h"
#include "examples/colorize_film/pieces/frame_tap.h"
#include "examples/colorize_film/pieces/piece_source.h"
#include "examples/colorize_film/progress.h"
#include "examples/colorize_film/result.h"
#include "examples/colorize_film/run_report.h"
#include "examples/colorize_film/shot_log.h"

namespace colorize_film {

// The first of the two halves of a run in pieces: nothing is written, the frames are taken.
struct ColourRoute {
  FrameTaker& taker;
  std::function<void(FrameTap&)> prepare;  // before data comes
  ShotLog* log;                            // notes the frames; NULL: nobody does
  GstClockTime enter = 0;                  // of the result: what lies before may be left out
  std::string on_signal;                   // the sentence after SIGINT or SIGTERM
};

// The second: the result is written, its picture comes from pieces.
struct JoinRoute {
  std::string folder;
  std::vector<Piece> pieces;
  std::string on_signal;
};

// Thread-safety: one thread, which runs the default main context; GStreamer's threads come in
// through the private callbacks only.
class FilmJob {
 public:
  // Builds everything that does not depend on the film. Throws RunError.
  explicit FilmJob(Options options);
  FilmJob(Options options, const ColourRoute& route);
  FilmJob(Options options, const JoinRoute& route);
  ~FilmJob();
  FilmJob(const FilmJob&) = delete;
  FilmJob& operator=(const FilmJob&) = delete;

  // Colours the film; returns when the result has its name. Throws RunError: a sentence for the
  // user, and no file is left; kInterrupted after SIGINT or SIGTERM.
  void run();

  // What was done, one line. After `run`.
  std::string summary() const;

  // Frames that were coloured, or came from pieces.
  int64_t frames() const { return progress_.frames(); }
  // Of a ColourRoute: its first frame was another one than its border says.
  bool has_entered_wrong() const { return tap_ && tap_->is_wrong(); }

 private:
  void make_report();
  void build(const FilmStreams::Route& route);
  void watch_data();
  void set_state(GstState state);

  // The run has ended. Throws RunError where frames did not get into the result.
  void check_frames();

  // Of all pieces, where they are joined.
  Damage damage() const;
  void tell_damage();

  // Called each second: nothing has moved for too long?
  void watch_progress();

  // All streams are known.
  void begin();
  // So is the picture.
  void begin_picture();

  void on_message(GstMessage* message);
  void on_error(GstMessage* message);
  void on_application(GstMessage* message);
  void on_warning(GstMessage* message);
  void finish(const std::string& sentence, ExitCode code);
  void warn(const std::string& sentence);

  void on_original(GstPad* pad, GstBuffer* buffer);
  void on_coloured(GstPad* pad, GstBuffer* buffer);
  void on_written(GstPad* pad, GstBuffer* picture);
  void keep_picture(GstSample* both, GstClockTime position);

  Options options_;
  Progress progress_;
  FramePairs pairs_;
  std::unique_ptr<Result> result_;
  std::unique_ptr<PartFile> picture_file_;  // where a picture is wanted

  GMainLoop* loop_ = nullptr;
  FilmPipeline film_;  // owned

  std::unique_ptr<FilmStreams> streams_;
  std::unique_ptr<RunReport> report_;  // where one is wanted
  std::unique_ptr<ShotLog> own_log_;   // for it
  ShotLog* log_ = nullptr;             // where frames are noted
  std::unique_ptr<FrameTap> tap_;      // of a ColourRoute
  std::optional<JoinRoute> join_;
  std::unique_ptr<PieceSource> pieces_;  // of it
  std::string on_signal_ = "Interrupted: nothing was written.";
  bool is_part_of_film_ = false;  // it ended before the film did, as was wanted

  GstClockTime picture_time_ = 0;  // running time from which a frame serves for the picture
  std::atomic<bool> needs_picture_{false};
  GstSample* picture_ = nullptr;  // owned; streaming thread until the end of the stream

  std::atomic<int64_t> written_{0};  // frames that the muxer took
  std::atomic<int64_t> moved_{0};    // buffers, anywhere
  int64_t last_moved_ = 0;           // as it was a second ago
  double still_s_ = 0;               // seconds since it changed
  std::string failure_;              // first one; empty: none
  ExitCode exit_code_ = kSuccess;
};

}  // namespace colorize_film
