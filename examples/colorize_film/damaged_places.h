#pragma once

// Places of the film at which a demuxer, a parser or a decoder warned.

#include <gst/gst.h>

#include <atomic>
#include <map>
#include <mutex>

#include "examples/colorize_film/timed_count.h"

namespace colorize_film {

// A place lies where the last packet went that passed before the warning: elements warn in the
// thread that reads, so each run over the film finds it at the same time of the result.
// Thread-safety: made and ended by one thread, the rest from any.
class DamagedPlaces {
 public:
  // Of `pipeline`, which must outlive it. Before data comes.
  explicit DamagedPlaces(GstElement* pipeline);
  // The pipeline is in NULL.
  ~DamagedPlaces();
  DamagedPlaces(const DamagedPlaces&) = delete;
  DamagedPlaces& operator=(const DamagedPlaces&) = delete;

  // Warnings of what is in `reader` count; its packets pass `pad`, perhaps one of several.
  void watch(GstElement* reader, GstPad* pad);
  // Time of the result at which the first data that come now lie.
  void set_origin(GstClockTime origin) { origin_ = origin; }

  // Whether that is an element whose warnings count.
  bool is_watched(GstObject* element) const { return moment_of(element) != nullptr; }
  // Of those from one time of the result on to another; all before the latter have been decoded.
  int64_t count(GstClockTime from, GstClockTime to) const { return places_.between(from, to); }

 private:
  using Moment = std::atomic<GstClockTime>;  // running time of the last packet

  const Moment* moment_of(GstObject* element) const;
  void on_warning(const GstMessage* message);

  GstBus* bus_;  // owned
  mutable std::mutex mutex_;
  std::map<GstElement*, Moment> readers_;  // under the mutex, but for the moments
  std::atomic<GstClockTime> origin_{0};
  TimedCount places_;
};

}  // namespace colorize_film
