#pragma once

#include <cstdint>

#include "training/data/random.h"

/// What projecting and storing leaves on one frame of film, drawn at random into a gray picture:
/// side * side values, row after row, about 0..1, changed in place.
namespace cgan {

/// Grain of the emulsion: near to Gaussian, full in mid-tones and half as strong in black and
/// white.
/// @param sigma standard deviation in mid-tones
/// @param size 0: every pixel by itself; 0.5: correlated over two pixels
void add_grain(float* gray, int64_t side, double sigma, double size, SplitMix64& random);

/// One vertical scratch, bright or dark, a pixel wide and at least half as long as the picture, of
/// which up to a half may lie outside.
void add_scratch(float* gray, int64_t side, SplitMix64& random);

/// One bright or dark speck of dust, 1 to 5 pixels long.
void add_speck(float* gray, int64_t side, SplitMix64& random);

/// One bright or dark hair or fibre: a bent line, a tenth to a third as long as the picture.
void add_hair(float* gray, int64_t side, SplitMix64& random);

}  // namespace cgan
