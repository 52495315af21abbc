#pragma once

#include <ATen/core/Tensor.h>

#include <string>

/// Terms that compare a generated picture with the original pixel by pixel. Pictures are
/// (N, 3, H, W), RGB, -1..1, float32; every result is a scalar with gradient.
namespace cgan {

/// Norm of the chroma term.
enum class ChromaNorm {
  kL1,
  kSmoothL1,  ///< Quadratic below `beta` (Girshick 2015), so that doubt costs no jitter.
};
/// @throws std::invalid_argument for any name but "l1" and "smooth".
ChromaNorm chroma_norm_from_string(const std::string& name);

/// The generated picture as a viewer of the film sees it: the luma of `gray` (N, 1, H, W), -1..1,
/// with the chroma of `generated` (BT.601). Not clipped: what leaves the gamut should cost.
at::Tensor with_luma(const at::Tensor& gray, const at::Tensor& generated);

/// Mean of |g - y| over all numbers.
at::Tensor l1_distance(const at::Tensor& generated, const at::Tensor& original);

/// Mean of 1 - cos(g, y) over pixels, RGB as vectors in 0..1. Pixels where either vector is
/// shorter than 0.02 are left out: black has no direction. 0 where none is left.
at::Tensor cosine_distance(const at::Tensor& generated, const at::Tensor& original);

/// Cb and Cr of a picture (BT.601), (N, 2, H, W), -0.5..0.5.
at::Tensor chroma_of(const at::Tensor& picture);

/// Mean norm of the differences of Cb and Cr: a film keeps its own luma, so only these reach the
/// viewer.
/// @param beta of kSmoothL1, in units of Cb and Cr, > 0
at::Tensor chroma_loss(const at::Tensor& generated, const at::Tensor& original, ChromaNorm norm,
                       double beta = 0.05);

/// Mean over pixels of 1 - exp(-d^2 / (2 scale^2)) with d the distance in the ab plane of CIE Lab
/// (Welsch's robust loss; Dennis and Welsch 1978): almost the share of pixels that miss the
/// original's colour. Where several colours are likely it asks for one of them, where L1 and L2 ask
/// for the grey between them. @param scale > 0, Lab units
at::Tensor match_loss(const at::Tensor& generated, const at::Tensor& original, double scale);

/// Soft count of the pictures whose chroma is farther from the original's than grey's: mean over
/// pictures of sigmoid(log(E|g - y|^2 / E|y|^2) / 0.4), both means over Cb and Cr of one picture. A
/// sum over all pixels is ruled by vivid pictures; here each picture counts as much as any other,
/// so colour leaves pictures where it is a guess and stays in those where it is known.
at::Tensor farther_than_grey_loss(const at::Tensor& generated, const at::Tensor& original);

}  // namespace cgan
