#pragma once

#include <cstdint>
#include <string>

namespace cgan {

/// How clips in colour become the black-and-white film that is coloured again.
struct GreyFilm {
  double grain = 0;   ///< Standard deviation in mid-tones, in 8-bit codes; see add_grain.
  uint64_t seed = 1;  ///< The same seed, clips and frames give the same grain.
};

/// Writes each frame of the clips in `originals` (find_clips) as a grey PNG of its BT.601 luma,
/// with grain, of its own on each frame, to the same place below `folder`, which is made.
/// @throws std::runtime_error where a frame cannot be read or written.
void write_grey_film(const std::string& originals, const std::string& folder, const GreyFilm& film);

}  // namespace cgan
