#pragma once

// A film coloured in pieces that outlive the run, and joined.

#include <functional>
#include <memory>
#include <string>

#include "examples/colorize_film/options.h"
#include "examples/colorize_film/pieces/frame_tap.h"
#include "examples/colorize_film/pieces/journal.h"
#include "examples/colorize_film/pieces/piece_writer.h"
#include "examples/colorize_film/shot_log.h"

namespace colorize_film {

// Whether a film is coloured so: one that is long enough to be worth it, in a file that can be read
// again, and where --pieces does not say otherwise.
bool is_coloured_in_pieces(const Options& options);

// Encoders for the pieces of a film, all alike.
PieceWriter::MakeEncoder encoders_of(const Options& options);

// Who takes the frames, and how the tap is set for it.
struct Taking {
  std::unique_ptr<ShotLog> log;  // NULL: nobody notes the frames
  std::unique_ptr<FrameTaker> taker;
  std::function<void(FrameTap&)> prepare;
};
// Colours a film from a time of its result on, for a new taker of `begin`. A seek that leads to
// other frames than the whole film had is given up for reading from its beginning, with another
// taker. `on_signal`: the sentence after SIGINT or SIGTERM. Throws RunError.
void colour_from(const Options& options, GstClockTime enter, const std::string& on_signal,
                 const std::function<Taking()>& begin);

// Thread-safety: one thread, which runs the default main context.
class ResumableJob {
 public:
  explicit ResumableJob(Options options);

  // Goes on where an earlier run of the same film with the same settings ended, and returns when
  // the result has its name and the pieces are gone. Throws RunError: a sentence for the user; what
  // is finished is kept.
  void run();

  // What was done, one line. After `run`.
  std::string summary() const;

 private:
  void open_journal();
  void check_notes() const;
  void colour();
  void join();

  Options options_;
  Journal journal_;
  int64_t frames_ = 0, frames_before_ = 0;
  double seconds_ = 0;
};

}  // namespace colorize_film
