#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "model/inference/frozen_generator.h"
#include "plugin/colorizer/format/work_size.h"
#include "plugin/colorizer/network/consensus.h"
#include "plugin/colorizer/network/tile_blend.h"
#include "plugin/colorizer/network/tile_grid.h"

namespace cgan {

/// What the network says of one picture: in one piece where it fits, else in overlapping tiles that
/// are blended and then aligned to a coarse copy of the whole. Everything is allocated by the
/// constructors, but for the network's own tensors.
/// Thread-safety: const after construction; several threads may colour at the same time, each a
/// frame of its own.
class TiledNetwork {
 public:
  /// Where the tiles of one picture lie.
  struct View {
    View(const WorkSize& size, const FrozenGenerator& generator, double overlap, int64_t batch);

    TileGrid grid;
    TileBlend blend;
    int64_t batch;
  };

 private:
  /// What of them is on its way.
  struct Tiles {
    explicit Tiles(const View& view);

    at::Tensor luma;             ///< (n, 1, h, w) -1..1
    at::Tensor chroma;           ///< (n, 2, h/s, w/s)
    std::vector<float> picture;  ///< Blended: (2, blend.height(), blend.width())
  };

 public:
  /// A picture on its way through a network. Thread-safety: one thread at a time.
  class Frame {
   public:
    /// @param network, pool must outlive the frame
    Frame(const TiledNetwork& network, WorkerPool& pool);
    /// (2, chroma_height(), chroma_width()), of the last colour().
    const std::vector<float>& chroma() const { return fine_.picture; }

   private:
    friend class TiledNetwork;
    Workspace workspace_;
    Tiles fine_;
    std::optional<Tiles> coarse_;
    std::vector<float> coarse_luma_, lacking_;
  };

  /// How `generator` wants its tiles.
  static TileRule rule(const FrozenGenerator& generator);

  /// @param size of the picture, by rule(generator)
  /// @param generator must outlive the network
  /// @param overlap share of a tile's side that neighbours have in common, 0..0.75; see TileGrid
  /// @param batch tiles in one call of the network at most; 0: all
  TiledNetwork(const WorkSize& size, const FrozenGenerator& generator, double overlap,
               int64_t batch);

  // Of the picture with its margin, in luma pixels and in chroma samples.
  int64_t width() const { return fine_.grid.width(); }
  int64_t height() const { return fine_.grid.height(); }
  int64_t chroma_width() const { return fine_.blend.width(); }
  int64_t chroma_height() const { return fine_.blend.height(); }

  const FrozenGenerator& generator() const { return generator_; }
  const View& fine() const { return fine_; }
  /// The whole at once, and how the tiles are made to agree with it; null where one tile is all.
  const View* coarse() const { return coarse_.has_value() ? &*coarse_ : nullptr; }
  const Consensus* consensus() const { return consensus_.has_value() ? &*consensus_ : nullptr; }

  /// @param luma (height(), width()), -1..1
  /// @param vividness -1..1, see FrozenGenerator::chroma()
  /// @throws c10::Error, std::bad_alloc
  void colour(const float* luma, double vividness, Frame& frame) const;

 private:
  void colour(const View& view, const float* luma, double vividness, Workspace& workspace,
              Tiles& tiles) const;

  const FrozenGenerator& generator_;
  View fine_;
  std::optional<Consensus> consensus_;  ///< Where there are several tiles, as the next one.
  std::optional<View> coarse_;
};

}  // namespace cgan
