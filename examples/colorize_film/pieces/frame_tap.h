#pragma once

// Takes the coloured frames out of a film's pipeline, from a border on.

#include <gst/gst.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "examples/colorize_film/film_pipeline.h"
#include "examples/colorize_film/pieces/piece.h"

namespace colorize_film {

// A frame that has been coloured. Borrowed for the length of a call.
struct ColouredFrame {
  GstBuffer* buffer;
  GstCaps* caps;
  GstClockTime time;  // in the result
  State state;        // what the frames before say of it; NULL: none asked for, no shot begins
  bool changes_shot;  // see the element's stream_state.h
};

// What becomes of the frames. From one of GStreamer's threads; what it throws ends the run.
class FrameTaker {
 public:
  virtual ~FrameTaker() = default;
  virtual void take(const ColouredFrame& frame) = 0;
  // No more come.
  virtual void end() = 0;
};

// Thread-safety: constructed before data comes; GStreamer's threads come in through the private
// callbacks only.
class FrameTap {
 public:
  // The name of the application message by which it ends the run: with a "sentence" where it
  // failed, without one when all wanted frames are taken.
  static constexpr char kEnded[] = "colorize-film-tap-ended";

  // Parts the pipeline behind the coloured frames: encoder, muxer and file get nothing. All of it
  // must outlive the tap, and be in NULL when it ends.
  FrameTap(const FilmPipeline& film, FrameTaker& taker);
  ~FrameTap();
  FrameTap(const FrameTap&) = delete;
  FrameTap& operator=(const FrameTap&) = delete;

  // Of the frames that come, those before `border` are dropped, the first that stays is coloured as
  // if they had been there; the run ends with kEnded and a sentence where it is another than the
  // border says. Before data comes, as the next ones.
  void enter(const Border& border);
  // Frames from this time on are not wanted, the run ends with them; so many of them are coloured
  // still, the first one with its state.
  void leave(GstClockTime end, int more) {
    end_ = end;
    more_ = more;
  }
  // Asks for the state of a frame as soon as one lies so far behind the last border (`restart`).
  void mark_every(GstClockTime interval) { interval_ = interval; }
  // Time of the result at which the first data that come now lie.
  void set_origin(GstClockTime origin) { origin_ = origin; }
  // Who knows what damage did between two times of the result.
  using DamageCount = std::function<Damage(GstClockTime from, GstClockTime to)>;
  void count_damage(DamageCount count) { damage_ = std::move(count); }

  // The first frame was another one than the border says.
  bool is_wrong() const { return is_wrong_; }
  // From `take`: what it did before that frame; see FilmStreams::damage.
  Damage damage(GstClockTime from, GstClockTime to) const { return damage_(from, to); }
  // From `take`: a border lies at this time.
  void restart(GstClockTime border) { last_border_ = border; }

 private:
  // GST_CLOCK_TIME_NONE: it is outside of what is coloured.
  GstClockTime time_of(GstPad* pad, const GstBuffer* frame) const;
  GstPadProbeReturn on_grey(GstPad* pad, const GstBuffer* frame);
  void on_coloured(GstBuffer* frame);
  void check_entry(const ColouredFrame& frame);
  GstFlowReturn on_sample(GstSample* sample);
  void on_end();
  void post_end(const std::string& sentence);

  FrameTaker& taker_;
  GstElement* pipeline_;
  GstElement* sink_;  // appsink

  DamageCount damage_;
  Border entry_;
  bool is_entering_ = false;
  bool is_unchecked_ = false;
  std::atomic<bool> is_wrong_{false};
  bool has_left_ = false;
  GstClockTime end_ = GST_CLOCK_TIME_NONE;
  int more_ = 0;  // frames that come behind it
  bool has_marked_end_ = false;
  GstClockTime interval_ = 0;  // 0: never
  std::atomic<GstClockTime> origin_{0};
  std::atomic<GstClockTime> last_border_{0};
  GstClockTime last_mark_ = 0;

  // Between the element and the sink, by time.
  struct Told {
    State state;
    bool changes_shot;
  };
  std::mutex mutex_;
  std::map<GstClockTime, Told> told_;
};

// Checksum of the visible luma of a frame. Throws RunError.
uint32_t luma_checksum(GstBuffer* frame, GstCaps* caps);

}  // namespace colorize_film
