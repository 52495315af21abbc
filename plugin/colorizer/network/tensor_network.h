#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>

#include "plugin/colorizer/network/tiled_network.h"

namespace cgan {

/// TiledNetwork in operations of LibTorch alone, all of them where the generator computes: none
/// looks at numbers on the host, so that a card may record them once and play them again. The
/// colours are TiledNetwork's but for rounding. Thread-safety: const after construction.
class TensorNetwork {
 public:
  /// @param network must outlive it
  /// @param device of its generator
  /// @param batch tiles in one call of the generator at most; 0: all
  TensorNetwork(const TiledNetwork& network, const c10::Device& device, int64_t batch);

  /// @param luma (1, 1, height, width), float32, on the device, -1..1
  /// @param vividness (), float32, on the device
  /// @return (1, 2, chroma height, chroma width), float32
  at::Tensor colour(const at::Tensor& luma, const at::Tensor& vividness) const;

 private:
  /// Of a tile's samples, outer product by outer product.
  struct Weights {
    at::Tensor columns, rows;  ///< (tiles along the axis, tile)
  };
  static Weights weights_of(const TiledNetwork::View& view, const c10::Device& device);
  at::Tensor colour(const TiledNetwork::View& view, const Weights& weights, const at::Tensor& luma,
                    const at::Tensor& vividness) const;

  const TiledNetwork& network_;
  int64_t batch_;
  Weights fine_, coarse_;
};

}  // namespace cgan
