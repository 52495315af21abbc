#pragma once

#include <ATen/core/Tensor.h>

#include <string>

/// Reverse training against mode collapse: the generator is pushed away from the colours that it
/// keeps repeating. Pictures are (N, 3, H, W), RGB, -1..1, float32, H and W at least 4.
namespace cgan {

enum class Reverse {
  kOff,
  kSpread,  ///< A term that asks for the variety of the originals.
  kAscent,  ///< Every few steps, ascent on the distance to the batch's mean colours.
};
/// @throws std::invalid_argument for any name but "off", "spread" and "ascent".
Reverse reverse_from_string(const std::string& name);

/// Mean Lab (a, b) of each picture on a coarse grid of 4 x 4 fields: how its colours lie.
/// @param lab (N, 3, H, W) from rgb_to_lab
/// @return (N, 32)
at::Tensor coarse_chroma(const at::Tensor& lab);

/// Mean over all pairs of pictures of |c_i - c_j|, the Euclidean distance of their coarse chroma:
/// small where a generator repeats itself.
/// @param chroma (N, 32)
/// @return scalar, 0 where all pictures have the same colours or there are fewer than two
at::Tensor chroma_spread(const at::Tensor& chroma);

/// R = max(0, 1 - spread(G) / spread(y)); 0 where the batch has fewer than two pictures or the
/// originals have no spread.
at::Tensor reverse_spread_loss(const at::Tensor& generated, const at::Tensor& original);

/// -min(limit, mean |G_i - mean_j G_j|): minimising it is ascent on the L1 distance of the pictures
/// to the mean colour map of their own batch, until the distance has reached the limit.
/// @param limit > 0, in the units of the pictures
at::Tensor reverse_ascent_loss(const at::Tensor& generated, double limit);

}  // namespace cgan
