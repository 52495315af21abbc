#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "model/frozen_generator.h"
#include "plugin/colorizer/consensus.h"
#include "plugin/colorizer/tile_blend.h"
#include "plugin/colorizer/tile_grid.h"
#include "plugin/colorizer/work_copy.h"

namespace cgan {

/// What the network says of one picture: in one piece where it fits, else in overlapping tiles that
/// are blended and then aligned to a coarse copy of the whole. Everything is allocated by the
/// constructor, but for the network's own tensors. Thread-safety: one thread at a time.
class TiledNetwork {
 public:
  /// How `generator` wants its tiles.
  static TileRule rule(const FrozenGenerator& generator);

  /// @param size of the picture, by rule(generator)
  /// @param overlap share of a tile's side that neighbours have in common, 0..0.75; see TileGrid
  /// @param batch tiles in one call of the network at most; 0: all
  /// @param workers threads that blend at most, positive
  TiledNetwork(const WorkSize& size, const FrozenGenerator& generator, double overlap,
               int64_t batch, int workers);

  // Of the picture with its margin, in luma pixels and in chroma samples.
  int64_t width() const { return fine_.grid.width(); }
  int64_t height() const { return fine_.grid.height(); }
  int64_t chroma_width() const { return fine_.blend.width(); }
  int64_t chroma_height() const { return fine_.blend.height(); }

  /// @param generator the constructor's
  /// @param luma (height(), width()), -1..1
  /// @throws c10::Error, std::bad_alloc
  void colour(FrozenGenerator& generator, const float* luma);
  /// (2, chroma_height(), chroma_width()), of the last call of colour().
  const std::vector<float>& chroma() const { return fine_.chroma; }

 private:
  struct View {
    View(const WorkSize& size, const FrozenGenerator& generator, double overlap, int64_t batch,
         int workers);
    void colour(FrozenGenerator& generator, const float* luma);

    TileGrid grid;
    TileBlend blend;
    int64_t batch;
    at::Tensor tiles;           ///< (n, 1, h, w) -1..1
    at::Tensor tile_chroma;     ///< (n, 2, h/s, w/s)
    std::vector<float> chroma;  ///< (2, blend.height(), blend.width())
  };

  View fine_;
  std::optional<Consensus> consensus_;  ///< Where there are several tiles, as the next two.
  std::optional<View> coarse_;
  std::vector<float> coarse_luma_;
};

}  // namespace cgan
