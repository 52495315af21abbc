#pragma once

#include "plugin/colorizer/pixel/numbers.h"

namespace cgan::pixel {

/// What a stream decides of its chroma codes.
struct GamutConstants {
  float scale, offset;                  ///< code = signal * scale + offset
  float lowest, highest;                ///< Codes.
  float no_room;                        ///< Luma nearer to black or white has no colour.
  float red, green_cb, green_cr, blue;  ///< R' - Y' = red Cr, G' - Y' = ..., B' - Y' = blue Cb
};

/// What a look decides of them.
struct LookConstants {
  float strength;
  float cb_of_cb, cb_of_cr, cr_of_cb, cr_of_cr;  ///< BT.601 -> the frame's matrix, saturated.
  float warm_cb, warm_cr;                        ///< Times 4 Y' (1 - Y') / 4.
};

struct ChromaCodes {
  int cb, cr;
};

/// Chroma in the frame's matrix, scaled towards neutral so far that luma and chroma together stay
/// R'G'B' 0..1, in the nearest codes.
/// @param cb, cr BT.601, -0.5..0.5 or beyond, finite
/// @param luma 0..1
CGAN_HOST_DEVICE ChromaCodes gamut_codes(float cb, float cr, float luma, GamutConstants stream,
                                         LookConstants look) {
  const float middle = luma * (1.0f - luma);
  const float blue = look.cb_of_cb * cb + look.cb_of_cr * cr + look.warm_cb * middle;
  const float red = look.cr_of_cb * cb + look.cr_of_cr * cr + look.warm_cr * middle;
  const float above = 1.0f / larger(1.0f - luma, stream.no_room);
  const float below = -1.0f / larger(luma, stream.no_room);
  const float dr = stream.red * red, db = stream.blue * blue,
              dg = stream.green_cb * blue + stream.green_cr * red;
  // How many times the room the farthest of R', G', B' takes.
  const float highest = larger(dr, larger(dg, db));
  const float lowest = smaller(dr, smaller(dg, db));
  const float used = larger(1.0f, larger(highest * above, lowest * below));
  const float factor = look.strength / used * stream.scale;
  const float cb_code =
      smaller(stream.highest, larger(stream.lowest, blue * factor + stream.offset));
  const float cr_code =
      smaller(stream.highest, larger(stream.lowest, red * factor + stream.offset));
  return {static_cast<int>(cb_code + 0.5f), static_cast<int>(cr_code + 0.5f)};
}

}  // namespace cgan::pixel
