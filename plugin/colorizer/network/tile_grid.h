#pragma once

#include <cstdint>
#include <vector>

namespace cgan {

/// Equal tiles spread evenly over a picture. Neighbours share at least `overlap` of a side less
/// three samples of chroma and a sixteenth of the side, whichever is less: so far a tile gives way
/// for the grid of four samples that is faintly visible in a network's output not to lie on the
/// same lines in its neighbour, where it would show as a border. Two tiles whose places the
/// picture's ends fix, and tiles without overlap, cannot give way. Fixed for a stream.
/// Thread-safety: const after construction.
class TileGrid {
 public:
  /// @param width, height of the picture in pixels, not below the tile's
  /// @param tile_width, tile_height in pixels, multiples of `alignment`
  /// @param overlap 0..0.75
  /// @param alignment pixels of a sample of the network's chroma; divides all sides
  TileGrid(int64_t width, int64_t height, int64_t tile_width, int64_t tile_height, double overlap,
           int64_t alignment);

  int64_t width() const { return width_; }
  int64_t height() const { return height_; }
  int64_t tile_width() const { return tile_width_; }
  int64_t tile_height() const { return tile_height_; }
  /// First pixel of each column and row of tiles, rising, from 0 to the side less a tile.
  const std::vector<int64_t>& columns() const { return columns_; }
  const std::vector<int64_t>& rows() const { return rows_; }
  int64_t count() const { return static_cast<int64_t>(columns_.size() * rows_.size()); }

  /// Copies the tiles, row by row of the grid.
  /// @param picture (height, width)
  /// @param tiles (count, 1, tile_height, tile_width)
  void cut(const float* picture, float* tiles) const;

 private:
  int64_t width_, height_, tile_width_, tile_height_;
  std::vector<int64_t> columns_, rows_;
};

}  // namespace cgan
