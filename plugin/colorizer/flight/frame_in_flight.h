#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/interface/colorizer_interface.h"
#include "plugin/colorizer/network/placement.h"
#include "plugin/colorizer/network/tiled_network.h"
#include "plugin/colorizer/shot/own_colour.h"

namespace cgan {

/// A frame from when its luma is read until it is decided what becomes of it. The network may
/// colour it meanwhile, in a thread of its own. Thread-safety: one thread at a time, the pool's
/// owner.
class FrameInFlight {
 public:
  /// @param network, pool must outlive the frame
  /// @param place where the network runs
  FrameInFlight(const TiledNetwork& network, WorkerPool& pool, const Placement& place);
  /// Waits for the network.
  ~FrameInFlight();
  FrameInFlight(const FrameInFlight&) = delete;
  FrameInFlight& operator=(const FrameInFlight&) = delete;

  CganLook look = {};
  std::vector<float> luma;       ///< Work copy, (height, width) of the network, -1..1
  std::optional<OwnColour> own;  ///< None: it cannot keep a colour of its own.
  bool is_marked = false;        ///< What the frames before say of it is asked for.

  /// One thread of the pool begins to colour it, when one is free. Luma and vividness stay as they
  /// are until colour() or cancel().
  void start();

  /// The network's colours: of what start() began, else found here, on all threads.
  /// @return (2, chroma height, chroma width), valid until the frame is coloured again
  /// @throws what the network threw; ColorizerError (CGAN_ERROR_FAILED) where they are no numbers
  const std::vector<float>& colour();

  /// What colour() found last.
  const std::vector<float>& chroma() const { return coloured_.chroma(); }

  /// Nobody asks for what start() began.
  void cancel();

  /// Nanoseconds that the network took since the last call of this.
  uint64_t take_network_ns();

 private:
  void run() noexcept;

  const TiledNetwork& network_;
  WorkerPool& pool_;
  Placement place_;
  TiledNetwork::Frame coloured_;
  std::exception_ptr failure_;
  uint64_t network_ns_ = 0;
  bool started_ = false;
  WorkerPool::Job job_;
};

}  // namespace cgan
