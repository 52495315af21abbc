#pragma once

#include <ATen/core/Tensor.h>

/// How colourful pictures are, as something to ask a generator for. Pictures are (N, 3, H, W), RGB,
/// -1..1.
namespace cgan {

/// Colourfulness (Hasler and Suesstrunk 2003, signed) of an average photograph.
constexpr double kAverageColourfulness = 36;

/// Where pictures lie between muted and vivid: log2(colourfulness / kAverageColourfulness) / 1.5,
/// clipped to -1..1; 0 is average. The photo generator is told this of the original in training, so
/// that later a viewer may ask for it.
/// @return (N)
at::Tensor vividness_of(const at::Tensor& picture);

/// max(0, share - CF(G) / CF(y)) with the mean colourfulness over the batch: asks for as much
/// colour as the originals have, and leaves to the other terms where it is put. With gradient.
/// @param share of the originals' colourfulness that is enough, > 0
at::Tensor colourfulness_loss(const at::Tensor& generated, const at::Tensor& original,
                              double share);

}  // namespace cgan
