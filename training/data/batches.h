#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "training/data/dataset.h"
#include "training/data/old_film.h"

namespace cgan {

/// Random changes of a picture before it is trained on.
struct Augmentation {
  bool flip = false;  ///< Mirrored left to right, one picture in two.
  int64_t shift = 0;  ///< Moved by up to this many pixels in x and y, the border reflected.
  bool crop = false;  ///< Tile taken from a random place of a larger picture, not from its middle.
  /// Above 1: the tile is the area mean of a square at a random place, whose side is drawn between
  /// the tile's divided by `zoom` and the tile's times `zoom`, at most the picture's shorter side.
  double zoom = 1;
  OldFilm old_film = {};  ///< What `input` and `second` have gone through; nothing else of a batch.
  double pairs = 0;       ///< Share of the pictures, 0..1, that get a second frame.
};

/// The second frame of a pair lies at most this many pixels off, in x and in y.
constexpr int64_t kLargestMotion = 8;

/// Pictures as the networks see them.
struct Batch {
  at::Tensor input;   ///< As `gray`, on old film: what a generator is shown. Off: `gray` itself.
  at::Tensor gray;    ///< (N, 1, tile, tile), Y' of BT.601, -1..1, float32, CPU
  at::Tensor colour;  ///< (N, 3, tile, tile), RGB, -1..1, float32, CPU, channels_last
  at::Tensor labels;  ///< (N), int64; -1 where a picture has no class
  /// (N), -1..1, float32, CPU: the vividness that a generator is told, 0 where it is told none; see
  /// vividness_of(). Undefined: none of them is told.
  at::Tensor vividness;

  /// (M, 1, tile, tile), M = pairs * N rounded up; undefined where pairs is 0. The first M inputs a
  /// moment later: the same look of the film, but the frame's own exposure, grain and damage, and
  /// the scene moved under them.
  at::Tensor second;
  /// (M, 2), int64, CPU, even numbers within +-kLargestMotion: second[m] shows at (y, x) the place
  /// of the scene that input[m] shows at (y + motion[m][0], x + motion[m][1]). With (dy, dx) the
  /// motion, both show rows max(0, -dy) .. tile - 1 - max(0, dy) of `second` and columns
  /// max(0, -dx) .. tile - 1 - max(0, dx); where the picture stays clean they are equal there.
  at::Tensor motion;
};

/// The order in which epoch `epoch` (0, 1, ...) visits `count` pictures: a permutation of
/// 0..count - 1 that depends on nothing else than these three numbers.
std::vector<int64_t> epoch_order(uint64_t seed, int64_t epoch, int64_t count);

/// Cuts tiles out of pictures; one that is smaller than a tile is enlarged. Old film and pairs
/// change nothing about `gray`, `colour` and `labels`.
/// @param indices which pictures
/// @param seed what is random about picture k of the batch depends on seed and first + k only;
///   which pictures are paired depends on the caller's share: the first M of its own
/// @param first place of indices[0] in the batch that several callers make together
/// @throws std::invalid_argument where zoom is below 1, or pairs or the old film's strength outside
///   of 0..1.
Batch make_batch(const Dataset& data, const std::vector<int64_t>& indices, int64_t tile,
                 const Augmentation& augmentation, uint64_t seed, int64_t first);

}  // namespace cgan
