#pragma once

// The streams of the film: which are taken, and how far they came.

#include <gst/gst.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "examples/colorize_film/damaged_places.h"
#include "examples/colorize_film/film_pipeline.h"
#include "examples/colorize_film/first_picture.h"
#include "examples/colorize_film/lost_frames.h"
#include "examples/colorize_film/options.h"
#include "examples/colorize_film/pieces/piece.h"
#include "examples/colorize_film/side_info.h"

namespace colorize_film {

// The streams wait behind their queues until all are known: then it is decided which are taken, and
// a --start is sought before anything reaches the muxer, which could not unwrite it.
// Thread-safety: one thread; GStreamer's threads come in through the private callbacks only.
class FilmStreams {
 public:
  // What becomes of them where a film is coloured in pieces.
  struct Route {
    bool colours = true;       // the picture is decoded; else it is read for what goes with it only
    bool keeps_tracks = true;  // sound and subtitles go into the result; else they are only tried
    GstClockTime enter = 0;    // of the result, up to which all is left out where that is quick
  };

  // The name of the application message that the pipeline posts when all are known.
  static constexpr char kKnown[] = "colorize-film-streams-known";

  // `film` and `options` must outlive it; `warn` is told sentences for the user.
  FilmStreams(const FilmPipeline& film, const Options& options, const Route& route,
              std::function<void(const std::string&)> warn);
  // The pipeline is in NULL.
  ~FilmStreams();
  FilmStreams(const FilmStreams&) = delete;
  FilmStreams& operator=(const FilmStreams&) = delete;

  // Links what is taken, at the wanted time. After the message. Throws RunError.
  void plan();
  // Of what is written, GST_CLOCK_TIME_NONE where nobody knows. After `plan`.
  GstClockTime result_length() const { return result_length_; }
  // Of the whole film as its index says; none where it has no index, or for a span. After `plan`.
  std::optional<int64_t> frames() const { return frames_; }
  // Time of the result at which the first data lie. After `plan`.
  GstClockTime origin() const { return origin_; }
  // Whether data of a picture have passed that is not coloured, and so what came before them.
  bool has_passed_picture() const { return has_passed_picture_; }
  // What that brought beside its data, tags and chapters; transfer full.
  std::vector<GstEvent*> take_picture_events();
  // The planned streams go on, the picture up to its first frame.
  void release();

  // The name of the application message that the pipeline posts when that waits.
  static constexpr char kDecoded[] = "colorize-film-picture-decoded";
  // What it is. After the message. Throws RunError where there is no picture.
  FirstPicture picture() const;
  // Says what cannot be kept, and the frames go on, to the element.
  void admit_picture();

  // What damage did from one time of the result on to another; all before the latter have been
  // decoded. No frames are counted for a span.
  Damage damage(GstClockTime from, GstClockTime to) const {
    return {lost_.count(from, to), places_.count(from, to)};
  }
  // Whether warnings of that element are counted so.
  bool is_watched_for_damage(GstObject* element) const { return places_.is_watched(element); }
  // At the end. Throws RunError if the film ended before its wanted end.
  void check_complete() const;

 private:
  struct Stream {
    GstPad* pad;     // of parsebin, owned
    GstPad* queued;  // behind its queue, owned
    gulong gate;     // probe that holds `queued` back until it is released
  };

  void seek_to_span(GstPad* pad);
  bool is_span() const { return options_.start_s > 0 || options_.duration_s; }
  std::optional<int64_t> frames_of(GstPad* pad) const;
  void keep_clock();
  void keep_timecode();
  void tell_losses();
  void take_video(const Stream& stream);
  bool take_along(const Stream& stream);  // false: left out
  void leave_out(const Stream& stream);

  void watch_moments(GstPad* pad);
  void on_parsed_pad(GstPad* pad);
  void on_first_data();
  GstPadProbeReturn on_event(GstPad* pad, GstEvent* event);
  void on_end();
  void on_buffer(GstPad* pad, const GstBuffer* buffer);
  void on_decoded_pad(GstPad* pad);
  GstPadProbeReturn on_decoded(const GstPadProbeInfo* info);
  void announce();
  void post(const char* name) const;

  const FilmPipeline& film_;
  const Options& options_;
  const Route route_;
  const std::function<void(const std::string&)> warn_;

  std::mutex mutex_;
  std::vector<Stream> streams_;
  bool is_planned_ = false;             // under the mutex: those that come now are not taken
  std::vector<GstEvent*> side_events_;  // under the mutex: tags and chapters of pictures, owned
  SideInfo side_info_;                  // under the mutex
  size_t ended_ = 0;                    // under the mutex: of the streams, before they were planned
  int tracks_ = 0;                      // sound and subtitles that go along
  std::vector<Stream> planned_;         // of these, those that have not ended
  std::atomic<bool> is_announced_{false};
  std::atomic<bool> has_decoded_{false};
  std::atomic<bool> has_passed_picture_{false};
  GstPad* coded_ = nullptr;    // of the picture, borrowed
  GstPad* decoded_ = nullptr;  // the same, owned
  gulong decoded_gate_ = 0;    // probe that holds it back until it is admitted
  std::atomic<bool> is_picture_announced_{false};
  guint first_flags_ = 0;  // of the first frame, before it is announced

  LostFrames lost_;
  DamagedPlaces places_;

  std::optional<int64_t> frames_;
  GstClockTime film_length_ = GST_CLOCK_TIME_NONE;  // as the container says
  GstClockTime origin_ = 0;
  GstClockTime clock_start_ = 0;                      // what its clock shows at its first moment
  GstClockTime span_end_ = GST_CLOCK_TIME_NONE;       // last moment of the film that is wanted
  GstClockTime result_length_ = GST_CLOCK_TIME_NONE;  // of what is written
  std::atomic<GstClockTime> last_moment_{0};          // end of what came out of the container
};

}  // namespace colorize_film
