#pragma once

#include <cstdint>
#include <exception>
#include <memory>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/backend.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/network/picture_network.h"
#include "plugin/colorizer/shot/own_colour.h"

namespace cgan {

/// A frame from when its luma is read until it is decided what becomes of it. The network may
/// colour it meanwhile, in a thread of its own. Thread-safety: one thread at a time, the pool's
/// owner.
class FrameInFlight {
 public:
  /// @param network of this frame, or of several of which one at a time is coloured
  /// @param luma as large as the network's
  /// @param place of all that are in flight, see FramePasses::measure()
  /// @param pool must outlive the frame
  /// @param runs_network else the frame is grey
  FrameInFlight(std::shared_ptr<PictureNetwork> network, WorkArray luma, int64_t place,
                WorkerPool& pool, bool runs_network);
  /// Waits for the network.
  ~FrameInFlight();
  FrameInFlight(const FrameInFlight&) = delete;
  FrameInFlight& operator=(const FrameInFlight&) = delete;

  const int64_t place;
  CganLook look = {};
  WorkArray luma;                ///< Work copy, (height, width) of the network, -1..1
  FramePasses* meter = nullptr;  ///< Has measured it; null: it cannot keep a colour of its own.
  bool is_marked = false;        ///< What the frames before say of it is asked for.

  OwnColour own_colour() const { return judge_own_colour(meter->measured(place)); }

  /// One thread of the pool begins to colour it, when one is free. Luma and vividness stay as they
  /// are until colour() or cancel().
  void start();

  /// The network's colours: of what start() began, else found here, on all threads.
  /// @return (2, chroma height, chroma width), as in a WorkArray, valid until the network colours
  ///   again
  /// @throws what the network threw, see PictureNetwork
  const float* colour();

  /// What colour() found last.
  const float* chroma() const { return network_->chroma(); }

  /// Which run of the network colour() found them in.
  int64_t run() const { return run_; }
  /// See PictureNetwork.
  void check(int64_t run) { network_->check(run); }

  /// Nobody asks for what start() began.
  void cancel();

  /// Nanoseconds that the network took since the last call of this.
  uint64_t take_network_ns();

 private:
  void run_network() noexcept;

  std::shared_ptr<PictureNetwork> network_;
  WorkerPool& pool_;
  bool runs_network_;
  std::exception_ptr failure_;
  int64_t run_ = 0;
  uint64_t network_ns_ = 0;
  bool started_ = false;
  WorkerPool::Job job_;
};

}  // namespace cgan
