#pragma once

#include <ATen/core/Tensor.h>

/// How colourful pictures are, as a measure and as something to ask a generator for. Pictures are
/// (N, 3, H, W), RGB, -1..1 where nothing else is said.
namespace cgan {

/// Colourfulness of Hasler and Suesstrunk, "Measuring colourfulness in natural images" (2003), in
/// its signed form (R - G and (R + G) / 2 - B keep their sign, as the paper has it; some programs
/// take absolute values first and get other numbers).
/// @param rgb (N, 3, H, W), 0..1
/// @param floor added under both roots, which keeps gradients finite at grey
/// @return (N), on the paper's scale for 0..255: 0 for grey
at::Tensor colourfulness(const at::Tensor& rgb, double floor = 0);

/// Colourfulness of an average photograph.
constexpr double kAverageColourfulness = 36;

/// Where pictures lie between muted and vivid: log2(colourfulness / kAverageColourfulness) / 1.5,
/// clipped to -1..1; 0 is average. The photo generator is told this of the original in training, so
/// that later a viewer may ask for it.
/// @return (N)
at::Tensor vividness_of(const at::Tensor& picture);

/// max(0, share - CF(G) / CF(y)) with the mean colourfulness over the batch, the root of the mean
/// of its powers: asks for as much colour as the originals have, and leaves to the other terms
/// where it is put. With gradient.
/// @param share of the originals' colourfulness that is enough, > 0
/// @param power 1: each picture is asked for as much more, most in proportion where colours are a
///   guess; 2: for more in proportion to what it has, so that muted ones stay muted
at::Tensor colourfulness_loss(const at::Tensor& generated, const at::Tensor& original, double share,
                              double power = 1);

}  // namespace cgan
