#pragma once

#include <cstdint>

#include "training/data/dataset.h"

namespace cgan {

/// The square of a picture that becomes a tile.
struct TileCut {
  int64_t left, top;  ///< Pixels; what lies outside of the picture is its reflection.
  int64_t side;       ///< Positive; below the tile's the square is enlarged.
  bool mirrored;      ///< Left to right.
};

/// Scales the square to tile x tile, rounded to the nearest code: a larger one by the area mean of
/// the coded values, a smaller one by linear interpolation; one of the tile's size is copied. The
/// arithmetic is of whole numbers: a tile seen from `down` and `right` shows at (y, x) exactly what
/// the tile at 0, 0 shows at (y + down, x + right), wherever both lie in 0..tile - 1.
/// @param down, right tile pixels, either sign; `right` counts in the mirrored tile
/// @param rgb tile * tile * 3 bytes to be filled
void cut_tile(const PictureView& from, const TileCut& cut, int64_t tile, int64_t down,
              int64_t right, uint8_t* rgb);

}  // namespace cgan
