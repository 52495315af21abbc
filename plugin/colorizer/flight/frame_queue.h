#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/flight/frame_in_flight.h"
#include "plugin/colorizer/flight/ring.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/network/picture_network.h"
#include "plugin/colorizer/shot/later_frames.h"
#include "plugin/colorizer/shot/work_colour.h"

namespace cgan {

/// The frames that wait, in order: up to `delay` + 1 in flight, of which the network colours
/// several at once, then up to `lookahead` + 1 of which it is decided what they are coloured with.
/// The same frames get the same colours whatever the delay and the number of threads. Everything is
/// allocated by the constructor. Thread-safety: one thread at a time, the pool's owner.
class FrameQueue {
 public:
  /// Frames, or fields where a stream is interlaced.
  struct Size {
    int64_t lookahead, delay;
    /// Two fields wait for each frame; the first of a frame waits for the second as well where
    /// later frames have a say, or are on their way.
    static Size of(int64_t lookahead, const CganStreamInfo& stream);
  };
  /// Pictures as the network takes them.
  struct Pictures {
    int64_t width, height, chroma_scale;
  };
  /// Networks for the frames in flight: one each where they are coloured at the same time, else one
  /// for all.
  using MakeNetwork = std::function<std::shared_ptr<PictureNetwork>()>;
  /// @param backend, pool must outlive the queue
  /// @param colours_ahead whether the network may run for several frames at once
  /// @param runs_network else all frames are grey
  FrameQueue(const Pictures& pictures, const Backend& backend, WorkerPool& pool, const Size& size,
             const MakeNetwork& make_network, bool colours_ahead, bool runs_network);
  ~FrameQueue();

  /// Runs the network once, of a grey picture; while the queue is empty.
  /// @throws as FrameInFlight::colour()
  void warm_up();

  bool empty() const { return in_flight_.empty() && decided_.empty(); }
  bool full() const;

  /// The frame to be filled before add(); not of a full queue.
  FrameInFlight& next() { return in_flight_.next(); }
  /// When the network may begin with a frame.
  enum class Start {
    kAtOnce,  ///< Beside that of others, where these need not be decided first.
    kInTurn   ///< When it is decided.
  };
  /// next() is complete and now the latest frame. Where more than `delay` are in flight, the
  /// earliest of these is decided.
  /// @throws where `delay` is 0, as FrameInFlight::colour(): the frame then does not wait
  void add(Start start, CganCounts& counts);

  struct Coloured {
    const float* luma;    ///< Work copy, as in a WorkArray; so is the chroma.
    const float* chroma;  ///< (2, chroma height, chroma width); NULL: it keeps its own.
    bool begins;          ///< No frame before it says anything of its colour.
    bool changes_shot;    ///< See WorkColour.
    /// What the frames before say of it; empty where it neither was marked nor begins a shot.
    const std::vector<uint8_t>* state;
  };
  /// The earliest frame; not of an empty queue. Decides it and up to `lookahead` later ones.
  /// @param strength, cut_threshold as for TemporalFilter
  /// @return valid until the next call
  /// @throws as FrameInFlight::colour(); the frame waits on
  Coloured colour(float strength, float cut_threshold, CganCounts& counts);

  /// Decides one more frame of those in flight, where the backend runs beside the host: when the
  /// earliest has been asked for by colour() and is being written, so that the backend is not idle
  /// meanwhile. It changes no colours.
  void go_ahead(CganCounts& counts);
  bool goes_ahead() const { return goes_ahead_; }
  /// From now on go_ahead() does nothing.
  void stop_ahead() { goes_ahead_ = false; }

  /// Of the earliest, when it has been written. @throws as PictureNetwork::check()
  void check();

  /// Lets the earliest go; not of an empty queue.
  /// @return whether it began a shot, or kept colours of its own, or could not be coloured
  bool pop(CganCounts& counts);

  /// Of the frames decided so far, for an empty queue; see WorkColour::archive().
  void archive(StateArchive& archive) {
    work_colour_.archive(archive);
    decided_.archive(archive);
  }

  /// Forgets all frames, also those before, after a jump in the stream.
  void clear(CganCounts& counts);

 private:
  void cancel();
  bool begins_ahead(const CganLook& look) const;
  void decide_next(CganCounts& counts);
  void decide(FrameInFlight& frame, LaterFrames::Frame& decided, CganCounts& counts);

  const Size size_;
  const Backend& backend_;
  const int64_t chroma_numbers_;
  const bool colours_ahead_, runs_network_;
  bool goes_ahead_;
  Ring<FrameInFlight> in_flight_;
  WorkColour work_colour_;
  LaterFrames decided_;
};

}  // namespace cgan
