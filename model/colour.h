#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace at {
class Tensor;
}

/// Colour arithmetic that training and plugin share. Signals are gamma-coded (R'G'B', Y'CbCr);
/// Lab is CIE 1976 L*a*b* of sRGB under D65, as scikit-image computes it.
namespace cgan {

/// Luma coefficients: ITU-R BT.601, BT.709, BT.2020 (non-constant luminance).
enum class Matrix { kBt601, kBt709, kBt2020 };

/// Code range: full 0..2^n - 1, or limited ("video") 16..235 / 16..240 times 2^(n-8).
enum class Range { kFull, kLimited };

struct LumaCoefficients {
  double kr, kg, kb;  ///< Sum to 1.
};
LumaCoefficients luma_coefficients(Matrix matrix);

/// Scale and offset between a normalised signal and its codes: code = signal * scale + offset.
struct CodeScale {
  double scale, offset;
};
/// Luma: signal 0..1. @param depth bits per sample, 8..16.
CodeScale luma_codes(Range range, int depth);
/// Chroma: signal -0.5..0.5.
CodeScale chroma_codes(Range range, int depth);

/// 2x2 matrix m that takes (Cb, Cr) of one luma matrix to (Cb, Cr) of another for the same
/// R'G'B': {Cb_to, Cr_to} = {m[0] Cb + m[1] Cr, m[2] Cb + m[3] Cr}. Exact: colour differences are
/// linear in each other whatever the luma.
std::array<double, 4> chroma_conversion(Matrix from, Matrix to);

/// (..., 3, H, W) R'G'B' 0..1 -> (..., 3, H, W): Y' 0..1, Cb and Cr -0.5..0.5.
at::Tensor rgb_to_ycbcr(const at::Tensor& rgb, Matrix matrix = Matrix::kBt601);
/// Inverse of rgb_to_ycbcr; the result is not clipped.
at::Tensor ycbcr_to_rgb(const at::Tensor& ycbcr, Matrix matrix = Matrix::kBt601);
/// (..., 3, H, W) R'G'B' 0..1 -> (..., 1, H, W) Y' 0..1: the gray picture a generator sees.
at::Tensor rgb_to_luma(const at::Tensor& rgb, Matrix matrix = Matrix::kBt601);

/// (..., 3, H, W) sRGB 0..1 -> (..., 3, H, W): L 0..100, a and b about -128..127.
/// Differentiable; finite gradients at black.
at::Tensor rgb_to_lab(const at::Tensor& rgb);
/// Inverse of rgb_to_lab, clipped to 0..1.
at::Tensor lab_to_rgb(const at::Tensor& lab);

}  // namespace cgan
