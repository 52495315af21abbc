#pragma once

// Cuts a coloured film into pieces and keeps the journal of them.

#include <future>
#include <memory>
#include <optional>

#include "examples/colorize_film/pieces/frame_tap.h"
#include "examples/colorize_film/pieces/journal.h"
#include "examples/colorize_film/pieces/piece_writer.h"
#include "examples/colorize_film/shot_log.h"

namespace colorize_film {

// A piece ends with its shot once it is half as long as wanted, else at the wanted length within
// the shot. It is encoded to its end beside the next one and written into the journal when it is
// whole on the disk. Thread-safety: one thread at a time.
class PieceCutter : public FrameTaker {
 public:
  // Pieces of `length`; goes on behind those of the journal, which must outlive it, as must the tap
  // of `follow` and `log`, whose notes lie beside each piece (NULL: none do).
  PieceCutter(Journal& journal, PieceWriter::MakeEncoder make_encoder, GstClockTime length,
              ShotLog* log);
  // What is whole but for its line gets that.
  ~PieceCutter() override;

  // The tap whose frames these are; it is told of the borders.
  void follow(FrameTap& tap);

  void take(const ColouredFrame& frame) override;
  void end() override;

 private:
  // A piece that gets no more frames.
  struct Ended {
    std::unique_ptr<PieceWriter> writer;
    std::optional<Border> next;  // where a run can begin behind it
    bool needs_shot;             // that holds only if no other shot begins soon
    RunNotes notes;
    Damage damage;
    std::future<Piece> piece;
  };

  void begin_piece(const ColouredFrame& frame);
  bool is_border(const ColouredFrame& frame) const;
  void end_piece(const ColouredFrame& next);
  RunNotes take_notes(GstClockTime end) { return log_ ? log_->take_before(end) : RunNotes(); }
  Damage take_damage(GstClockTime end);
  void add(const Piece& piece, const RunNotes& notes, const std::optional<Border>& next);
  void commit(bool waits);

  Journal& journal_;
  const PieceWriter::MakeEncoder make_encoder_;
  const GstClockTime length_;
  ShotLog* const log_;
  FrameTap* tap_ = nullptr;
  size_t number_;
  std::unique_ptr<PieceWriter> writer_;
  GstClockTime begin_ = 0;
  GstClockTime damage_from_ = 0;  // what lies before is counted
  std::unique_ptr<Ended> ended_;
};

}  // namespace colorize_film
