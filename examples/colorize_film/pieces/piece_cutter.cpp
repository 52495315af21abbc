#include "examples/colorize_film/pieces/piece_cutter.h"

#include <chrono>
#include <exception>
#include <utility>

#include "examples/colorize_film/pieces/piece_notes.h"

namespace colorize_film {

PieceCutter::PieceCutter(Journal& journal, PieceWriter::MakeEncoder make_encoder,
                         GstClockTime length, ShotLog* log)
    : journal_(journal),
      make_encoder_(std::move(make_encoder)),
      length_(length),
      log_(log),
      number_(journal.pieces().size()) {}

PieceCutter::~PieceCutter() {
  try {
    commit(true);
  } catch (const std::exception&) {
    // The run fails already; the piece is made again by the next one.
  }
}

void PieceCutter::follow(FrameTap& tap) {
  tap_ = &tap;
  tap.mark_every(length_);
  if (!journal_.next()) return;
  tap.enter(*journal_.next());
  damage_from_ = journal_.next()->time;
}

void PieceCutter::begin_piece(const ColouredFrame& frame) {
  writer_ = std::make_unique<PieceWriter>(make_encoder_, frame.caps, journal_.folder(),
                                          piece_name(number_++));
  begin_ = frame.time;
}

bool PieceCutter::is_border(const ColouredFrame& frame) const {
  if (!frame.state || !writer_) return false;
  return frame.time >= begin_ + (frame.changes_shot ? length_ / 2 : length_);
}

void PieceCutter::end_piece(const ColouredFrame& next) {
  commit(true);
  const Border border = {next.time, luma_checksum(next.buffer, next.caps), next.state};
  ended_ = std::make_unique<Ended>(Ended{std::move(writer_), border, next.changes_shot,
                                         take_notes(next.time), take_damage(next.time),
                                         std::future<Piece>()});
  ended_->piece =
      std::async(std::launch::async, [writer = ended_->writer.get()] { return writer->finish(); });
  tap_->restart(next.time);
}

Damage PieceCutter::take_damage(GstClockTime end) {
  return tap_->damage(std::exchange(damage_from_, end), end);
}

void PieceCutter::add(const Piece& piece, const RunNotes& notes,
                      const std::optional<Border>& next) {
  if (log_) write_notes(journal_.path(piece.file), notes);
  journal_.add(piece, next);
}

void PieceCutter::take(const ColouredFrame& frame) {
  // The element remembers the shot before a cut for so long: what looked like one may have been a
  // flash, and a state without that shot does not serve.
  if (frame.changes_shot && ended_ && ended_->needs_shot && writer_->frames() <= kShotFrames)
    ended_->next.reset();
  if (is_border(frame)) end_piece(frame);
  if (!writer_) begin_piece(frame);
  writer_->write(frame.buffer, frame.time);
  commit(false);
}

void PieceCutter::commit(bool waits) {
  if (!ended_) return;
  const bool is_sure = !ended_->needs_shot || (writer_ && writer_->frames() > kShotFrames);
  const bool is_ready =
      ended_->piece.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  if (!waits && !(is_sure && is_ready)) return;
  const std::unique_ptr<Ended> ended = std::move(ended_);
  Piece piece = ended->piece.get();
  piece.damage = ended->damage;
  if (!is_sure) ended->next.reset();
  add(piece, ended->notes, ended->next);
}

void PieceCutter::end() {
  commit(true);
  if (writer_) {
    Piece piece = writer_->finish();
    writer_.reset();
    piece.damage = take_damage(GST_CLOCK_TIME_NONE);
    add(piece, take_notes(GST_CLOCK_TIME_NONE), std::nullopt);
  }
  journal_.end();
}

}  // namespace colorize_film
