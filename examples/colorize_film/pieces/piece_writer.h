#pragma once

// Encodes one piece of a film into a file of its own.

#include <gst/gst.h>

#include <atomic>
#include <functional>
#include <string>

#include "examples/colorize_film/pieces/piece.h"

namespace colorize_film {

// A small pipeline: frames in, encoder, GStreamer's data protocol, a file. An encoder of its own,
// begun anew, makes the piece the same to the bit whoever writes it. The protocol keeps what
// containers round or drop: times to the nanosecond, decoding times, the encoder's caps; joining
// gives the muxer what one encoder would have given it. Thread-safety: one thread at a time.
class PieceWriter {
 public:
  // A new encoder for frames of these caps; floating reference.
  using MakeEncoder = std::function<GstElement*(GstCaps*)>;

  // Writes into `folder`, under a name that nobody else uses until it is whole; then `file`.
  // Throws RunError.
  PieceWriter(const MakeEncoder& make_encoder, GstCaps* frames, const std::string& folder,
              const std::string& file);
  // What is not finished is removed.
  ~PieceWriter();
  PieceWriter(const PieceWriter&) = delete;
  PieceWriter& operator=(const PieceWriter&) = delete;

  // The next frame; `time` is its time in the result. Waits while the encoder is
  // behind. Throws RunError where it failed.
  void write(GstBuffer* frame, GstClockTime time);

  int64_t frames() const { return pushed_; }

  // Encodes what is on its way, writes all to the disk and names the file. Throws RunError.
  Piece finish();

 private:
  [[noreturn]] void fail();

  std::string path_, part_;
  GstElement* pipeline_ = nullptr;  // owned
  GstElement* source_ = nullptr;
  Piece piece_;
  int64_t pushed_ = 0;
  std::atomic<int64_t> encoded_{0};
};

}  // namespace colorize_film
