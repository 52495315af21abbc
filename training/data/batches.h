#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "training/data/dataset.h"

namespace cgan {

/// Random changes of a picture before it is trained on.
struct Augmentation {
  bool flip = false;  ///< Mirrored left to right, one picture in two.
  int64_t shift = 0;  ///< Moved by up to this many pixels in x and y, the border reflected.
  bool crop = false;  ///< Tile taken from a random place of a larger picture, not from its middle.
};

/// Pictures as the networks see them.
struct Batch {
  at::Tensor gray;    ///< (N, 1, tile, tile), Y' of BT.601, -1..1, float32, CPU
  at::Tensor colour;  ///< (N, 3, tile, tile), RGB, -1..1, float32, CPU, channels_last
  at::Tensor labels;  ///< (N), int64; -1 where a picture has no class
};

/// The order in which epoch `epoch` (0, 1, ...) visits `count` pictures: a permutation of
/// 0..count - 1 that depends on nothing else than these three numbers.
std::vector<int64_t> epoch_order(uint64_t seed, int64_t epoch, int64_t count);

/// Cuts tiles out of pictures. Each side of a picture is at least `tile` long.
/// @param indices which pictures
/// @param seed what is random about picture k of the batch depends on seed and first + k only
/// @param first place of indices[0] in the batch that several callers make together
/// @throws std::invalid_argument where a picture is smaller than a tile.
Batch make_batch(const Dataset& data, const std::vector<int64_t>& indices, int64_t tile,
                 const Augmentation& augmentation, uint64_t seed, int64_t first);

}  // namespace cgan
