#pragma once

#include <cstdint>

/// What copying does to a gray picture: side * side values, row after row, about 0..1, changed in
/// place. The border is repeated outwards.
namespace cgan {

/// Gaussian blur. @param sigma pixels, > 0; cut off at 3 sigma
void blur(float* gray, int64_t side, double sigma);

/// Scales down by `factor` >= 1 and back to the old size, both with triangle filters.
void reduce(float* gray, int64_t side, double factor);

/// Rounds to 8 bits (clipping) and goes through a JPEG. @param quality 1..100
void compress(float* gray, int64_t side, int quality);

}  // namespace cgan
