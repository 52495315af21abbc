#pragma once

#include <cstdint>

namespace cgan {

/// Size of the copy of a frame's luma that the network sees.
struct WorkSize {
  int64_t width, height;                ///< The picture.
  int64_t padded_width, padded_height;  ///< With the mirrored margin at the right and below.
  int64_t tile_width, tile_height;      ///< Of the equal tiles that the padded picture is cut into.
};

/// How a network wants its tiles.
struct TileRule {
  int64_t largest;    ///< Side in pixels; a multiple of `multiple`.
  int64_t multiple;   ///< Sides of a tile are multiples of it.
  int64_t alignment;  ///< Tiles begin at multiples of it; divides `multiple`.
};

/// The frame scaled so that its short side is `short_side`, never upscaled. A side no longer than
/// the largest tile is one tile, padded to the next multiple: the network sees it whole; a longer
/// one is padded to the alignment and cut into largest tiles.
/// @param short_side pixels, positive
WorkSize work_size_for(int64_t frame_width, int64_t frame_height, int64_t short_side,
                       const TileRule& rule);

}  // namespace cgan
