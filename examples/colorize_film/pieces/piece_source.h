#pragma once

// Gives the encoded pictures of pieces, one after the other, as one encoder would have.

#include <gst/gst.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "examples/colorize_film/film_pipeline.h"
#include "examples/colorize_film/pieces/piece.h"

namespace colorize_film {

// Thread-safety: one thread; it reads in one of its own.
class PieceSource {
 public:
  // Takes the place of all that colours in `film`, which must outlive it: what the pieces in
  // `folder` hold comes to the muxer instead. In NULL. Throws RunError where there are none, or the
  // container of `output` does not take it.
  PieceSource(const FilmPipeline& film, const std::string& output, std::string folder,
              std::vector<Piece> pieces);
  // The pipeline is in NULL.
  ~PieceSource();
  PieceSource(const PieceSource&) = delete;
  PieceSource& operator=(const PieceSource&) = delete;

  // Begins when `is_ready`, asked again and again, says so: with the events of the film's picture
  // (tags, chapters), which `take_events` then gives, transfer full.
  void start(std::function<bool()> is_ready, std::function<std::vector<GstEvent*>()> take_events);

 private:
  void send_all(const std::function<bool()>& is_ready,
                const std::function<std::vector<GstEvent*>()>& take_events);
  bool send(const Piece& piece);  // false: the pipeline stops
  bool push(GstSample* sample);
  GstCaps* caps_for_next(GstCaps* of_piece) const;

  std::string folder_;
  std::vector<Piece> pieces_;
  GstElement* pipeline_;
  GstElement* source_;             // appsrc
  std::vector<GstEvent*> events_;  // of the reader, later of the source
  std::atomic<bool> stops_{false};
  GstClockTimeDiff last_dts_;
  std::thread reader_;
};

}  // namespace colorize_film
