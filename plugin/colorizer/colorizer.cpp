#include "plugin/colorizer/colorizer.h"

#include <utility>

#include "plugin/colorizer/colorizer_stream.h"
#include "plugin/colorizer/interface/checks.h"
#include "plugin/colorizer/interface/colorizer_error.h"
#include "plugin/colorizer/stage_time.h"

namespace cgan {

const std::string& Colorizer::take_notice() {
  taken_notice_ = std::exchange(notice_, {});
  return taken_notice_;
}

void Colorizer::reset() {
  if (stream_ == nullptr) return;
  stream_->frames.clear(counts_);
  stream_->pictures.forget();
  finish_reading();
}

/// Nothing of the frames that wait is needed after it returns.
void Colorizer::finish_reading() const noexcept {
  if (stream_ == nullptr || stream_->memory == CGAN_MEMORY_HOST) return;
  try {
    backend_->wait();
  } catch (const ColorizerError&) {  // a card that fails does not read
  }
}

Colorizer::Stream& Colorizer::stream() {
  if (stream_ != nullptr) return *stream_;
  throw ColorizerError(CGAN_ERROR_FRAME,
                       "A frame came before its format; set the stream info first.");
}

/// The stream, of which a frame waits.
Colorizer::Stream& Colorizer::waiting() {
  if (!stream().frames.empty()) return *stream_;
  throw ColorizerError(CGAN_ERROR_FRAME, "No frame waits to be coloured; submit one first.");
}

/// Takes a frame in.
void Colorizer::enter(const InputView& in, CganScan scan, const CganLook& look,
                      FrameQueue::Start start) {
  Stream& stream = *stream_;
  check(look);
  if (stream.frames.full()) {
    refuse_setting("More frames wait than lookahead and delay allow; finish one, or set more.",
                   "lookahead " + std::to_string(settings_.lookahead));
  }
  FrameInFlight& frame = stream.frames.next();
  frame.look = look;
  FramePasses& passes = stream.pictures.passes(scan);
  timed(counts_.frame_ns, [&] { passes.read(in.luma, frame.luma.get()); });
  frame.is_marked = std::exchange(is_marked_, false);
  frame.meter = nullptr;
  if (in.chroma.cb != nullptr && look.on_colour == CGAN_ON_COLOUR_KEEP) {
    timed(counts_.steady_ns, [&] { passes.measure(in, frame.place); });
    frame.meter = &passes;
  }
  stream.frames.add(start, counts_);
}

/// Before a frame is written.
/// @param forgets it is written without regard to the last one
void Colorizer::keep_state(const FrameQueue::Coloured& work, bool forgets) {
  changes_shot_ = work.changes_shot;
  state_ = *work.state;
  if (forgets) stream_->pictures.forget();
  if (state_.empty()) return;
  StateArchive archive = StateArchive::writer(state_);
  stream_->pictures.archive(archive);
}

void Colorizer::restore(const void* state, size_t size) {
  reset();
  StateArchive archive = StateArchive::reader(state, size);
  try {
    stream().frames.archive(archive);
    stream_->pictures.archive(archive);
    if (!archive.is_at_end()) StateArchive::refuse();
  } catch (...) {
    reset();
    throw;
  }
}

/// Writes the earliest frame.
/// @param enter (InputView), before: takes it in where that is to be done
template <typename Enter>
void Colorizer::paint(const CganFrame& in, const CganFrame& out, const CganLook& look,
                      const Enter& enter) {
  Stream& stream = this->stream();
  const StreamFormat& format = stream.pictures.format(in, out);
  const InputView source = view_input(in, format);
  const FrameView target = view_output(out, format);
  check_in_place(source.luma, target, format);
  FramePasses& passes = stream.pictures.to_write(out.scan);
  try {
    check(look);
    enter(source);
    const FrameQueue::Coloured work = stream.frames.colour(
        static_cast<float>(look.temporal), static_cast<float>(look.cut_threshold), counts_);
    keep_state(work, work.begins || look.temporal == 0.0);
    if (!placement_.runs_network) {
      passes.write_neutral(source.luma, target);
      stream.frames.pop(counts_);
      ++counts_.frames;
      return;
    }
    const WorkPicture picture = {work.luma, work.chroma};
    timed(counts_.frame_ns,
          [&] { passes.write(source, work.chroma == nullptr ? nullptr : &picture, look, target); });
    stream.frames.go_ahead(counts_);
    timed(counts_.frame_ns, [&] { passes.complete(); });
    stream.frames.check();
  } catch (...) {
    try {
      passes.write_neutral(source.luma, target);
    } catch (const ColorizerError&) {  // a card that fails does not write; the cause is the first
    }
    throw;
  }
  stream.frames.pop(counts_);
  ++counts_.frames;
}

void Colorizer::colorize(const CganFrame& in, const CganFrame& out, const CganLook& look) {
  if (!stream().frames.empty()) {
    throw ColorizerError(CGAN_ERROR_FRAME,
                         "Frames wait that were submitted before; finish them first.");
  }
  try {
    timed(counts_.call_ns, [&] {
      paint(in, out, look, [&](const InputView& source) {
        enter(source, in.scan, look, FrameQueue::Start::kInTurn);
      });
    });
  } catch (...) {
    if (!stream_->frames.empty()) let_go();
    throw;
  }
}

void Colorizer::submit(const CganFrame& in, const CganLook& look) {
  const InputView source = view_input(in, stream().pictures.format(in.scan));
  try {
    timed(counts_.call_ns, [&] { enter(source, in.scan, look, FrameQueue::Start::kAtOnce); });
  } catch (...) {
    finish_reading();
    throw;
  }
}

void Colorizer::finish(const CganFrame& in, const CganFrame& out, const CganLook& look) {
  waiting();
  try {
    timed(counts_.call_ns, [&] { paint(in, out, look, [](const InputView&) {}); });
  } catch (...) {
    let_go();
    throw;
  }
}

void Colorizer::let_go() {
  Stream& stream = waiting();
  // The first frame of a shot may be among those that nobody sees.
  const bool begins = stream.frames.pop(counts_);
  finish_reading();
  if (begins) stream.pictures.forget();
}

}  // namespace cgan
