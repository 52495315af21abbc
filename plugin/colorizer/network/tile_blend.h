#pragma once

#include <cstdint>
#include <vector>

#include "model/threads/worker_pool.h"
#include "plugin/colorizer/network/tile_grid.h"

namespace cgan {

/// Lays the chroma of the tiles over each other under a raised cosine window and divides by the
/// sum of the windows: seams fade out over the whole overlap, and tiles that agree are given back
/// as they are. Window and grid are products of a row and a column part, so the division is done
/// once, in the weights. Thread-safety: const after construction.
class TileBlend {
 public:
  /// @param chroma_scale luma pixels per chroma sample of the network: divides the grid's numbers
  TileBlend(const TileGrid& grid, int64_t chroma_scale);

  // In chroma samples.
  int64_t width() const { return width_; }
  int64_t height() const { return height_; }
  int64_t tile_width() const { return tile_width_; }
  int64_t tile_height() const { return tile_height_; }

  /// @param tiles (count, 2, tile_height, tile_width), in the grid's order
  /// @param chroma (2, height, width)
  void blend(const float* tiles, float* chroma, WorkerPool& pool) const;

  /// Where the tiles of one axis begin, and their normalised weights: (tiles, tile).
  struct Axis {
    std::vector<int64_t> first;
    std::vector<float> weights;
  };
  /// The weight of a sample of a tile is that of its column times that of its row.
  const Axis& columns() const { return columns_; }
  const Axis& rows() const { return rows_; }

 private:
  static Axis axis(const std::vector<int64_t>& positions, int64_t length, int64_t tile,
                   int64_t chroma_scale);
  void blend_row(const float* tiles, int64_t y, float* cb, float* cr) const;

  int64_t width_, height_, tile_width_, tile_height_;
  Axis columns_, rows_;
};

}  // namespace cgan
