#pragma once

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/network/picture_network.h"
#include "plugin/colorizer/network/placement.h"
#include "plugin/colorizer/network/tiled_network.h"

namespace cgan {

/// Picture and colours lie on the host; the network may lie on a card.
class HostNetwork : public PictureNetwork {
 public:
  /// @param network, pool must outlive it
  HostNetwork(const TiledNetwork& network, WorkerPool& pool, const Placement& place)
      : network_(network), place_(place), frame_(network, pool) {}

  int64_t colour(const float* luma, double vividness) override;
  const float* chroma() const override { return frame_.chroma().data(); }
  void check(int64_t) override {}

 private:
  const TiledNetwork& network_;
  Placement place_;
  TiledNetwork::Frame frame_;
};

}  // namespace cgan
