#include "model/colour.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/clamp_min.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/where.h>

#include <stdexcept>

namespace cgan {
namespace {

using Matrix3 = std::array<std::array<double, 3>, 3>;

constexpr int64_t kChannelAxis = -3;

// Linear sRGB to CIE XYZ and back under D65, and the white point of the 2 degree observer: the
// constants of scikit-image, so that published figures in Lab can be compared.
constexpr Matrix3 kXyzFromRgb = {{{0.412453, 0.357580, 0.180423},
                                  {0.212671, 0.715160, 0.072169},
                                  {0.019334, 0.119193, 0.950227}}};
constexpr std::array<double, 3> kWhite = {0.95047, 1.0, 1.08883};

// Below these the curves are straight lines (IEC 61966-2-1 and CIE 15).
constexpr double kSrgbCodedKnee = 0.04045;
constexpr double kSrgbLinearKnee = 0.0031308;
constexpr double kLabKnee = 0.008856;
constexpr double kLabCurvedKnee = 0.2068966;
constexpr double kLabSlope = 7.787;
constexpr double kLabOffset = 16.0 / 116.0;

Matrix3 inverse(const Matrix3& m) {
  const auto minor = [&](int row, int column) {
    const int r0 = (row + 1) % 3, r1 = (row + 2) % 3, c0 = (column + 1) % 3, c1 = (column + 2) % 3;
    return m[r0][c0] * m[r1][c1] - m[r0][c1] * m[r1][c0];
  };
  const double determinant = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2);
  Matrix3 result;
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column)
      result[row][column] = minor(column, row) / determinant;
  return result;
}

Matrix3 ycbcr_from_rgb(Matrix matrix) {
  const auto [kr, kg, kb] = luma_coefficients(matrix);
  const double cb = 2 * (1 - kb), cr = 2 * (1 - kr);
  return {{{kr, kg, kb}, {-kr / cb, -kg / cb, 0.5}, {0.5, -kg / cr, -kb / cr}}};
}

at::Tensor mix(const at::Tensor& picture, const std::array<double, 3>& row) {
  return picture.select(kChannelAxis, 0) * row[0] + picture.select(kChannelAxis, 1) * row[1] +
         picture.select(kChannelAxis, 2) * row[2];
}

at::Tensor mix(const at::Tensor& picture, const Matrix3& matrix) {
  return at::stack({mix(picture, matrix[0]), mix(picture, matrix[1]), mix(picture, matrix[2])},
                   kChannelAxis);
}

void check_channels(const at::Tensor& picture) {
  if (picture.dim() < 3 || picture.size(kChannelAxis) != 3)
    throw std::invalid_argument("a colour picture has the shape (..., 3, H, W)");
}

// The curved branches take a clamped argument: at::where hands the gradient of the branch that was
// not taken on as 0 times that gradient, which is NaN where the power's slope is infinite.
at::Tensor srgb_to_linear(const at::Tensor& coded) {
  const auto curved = ((coded.clamp_min(kSrgbCodedKnee) + 0.055) / 1.055).pow(2.4);
  return at::where(coded > kSrgbCodedKnee, curved, coded / 12.92);
}

at::Tensor linear_to_srgb(const at::Tensor& linear) {
  const auto curved = linear.clamp_min(kSrgbLinearKnee).pow(1 / 2.4) * 1.055 - 0.055;
  return at::where(linear > kSrgbLinearKnee, curved, linear * 12.92);
}

at::Tensor lab_curve(const at::Tensor& ratio) {
  const auto curved = ratio.clamp_min(kLabKnee).pow(1.0 / 3.0);
  return at::where(ratio > kLabKnee, curved, ratio * kLabSlope + kLabOffset);
}

at::Tensor inverse_lab_curve(const at::Tensor& curved) {
  return at::where(curved > kLabCurvedKnee, curved.pow(3), (curved - kLabOffset) / kLabSlope);
}

}  // namespace

LumaCoefficients luma_coefficients(Matrix matrix) {
  switch (matrix) {
    case Matrix::kBt601:
      return {0.299, 0.587, 0.114};
    case Matrix::kBt709:
      return {0.2126, 0.7152, 0.0722};
    case Matrix::kBt2020:
      return {0.2627, 0.6780, 0.0593};
  }
  throw std::invalid_argument("unknown luma matrix");
}

CodeScale luma_codes(Range range, int depth) {
  if (range == Range::kFull) return {double((1 << depth) - 1), 0};
  const double step = 1 << (depth - 8);
  return {219 * step, 16 * step};
}

CodeScale chroma_codes(Range range, int depth) {
  const double step = 1 << (depth - 8);
  if (range == Range::kFull) return {double((1 << depth) - 1), 128 * step};
  return {224 * step, 128 * step};
}

std::array<double, 4> chroma_conversion(Matrix from, Matrix to) {
  const auto f = luma_coefficients(from), t = luma_coefficients(to);
  const auto convert = [&](double cb, double cr) -> std::array<double, 2> {
    // Colour differences against the first luma, then the distance between the two lumas.
    const double blue = 2 * (1 - f.kb) * cb, red = 2 * (1 - f.kr) * cr;
    const double green = -(f.kr * red + f.kb * blue) / f.kg;
    const double luma = t.kr * red + t.kg * green + t.kb * blue;
    return {(blue - luma) / (2 * (1 - t.kb)), (red - luma) / (2 * (1 - t.kr))};
  };
  const auto of_cb = convert(1, 0), of_cr = convert(0, 1);
  return {of_cb[0], of_cr[0], of_cb[1], of_cr[1]};
}

at::Tensor rgb_to_ycbcr(const at::Tensor& rgb, Matrix matrix) {
  check_channels(rgb);
  return mix(rgb, ycbcr_from_rgb(matrix));
}

at::Tensor ycbcr_to_rgb(const at::Tensor& ycbcr, Matrix matrix) {
  check_channels(ycbcr);
  return mix(ycbcr, inverse(ycbcr_from_rgb(matrix)));
}

at::Tensor rgb_to_luma(const at::Tensor& rgb, Matrix matrix) {
  check_channels(rgb);
  return mix(rgb, ycbcr_from_rgb(matrix)[0]).unsqueeze(kChannelAxis);
}

at::Tensor rgb_to_lab(const at::Tensor& rgb) {
  check_channels(rgb);
  const auto linear = srgb_to_linear(rgb);
  const auto x = lab_curve(mix(linear, kXyzFromRgb[0]) / kWhite[0]);
  const auto y = lab_curve(mix(linear, kXyzFromRgb[1]) / kWhite[1]);
  const auto z = lab_curve(mix(linear, kXyzFromRgb[2]) / kWhite[2]);
  return at::stack({y * 116 - 16, (x - y) * 500, (y - z) * 200}, kChannelAxis);
}

at::Tensor lab_to_rgb(const at::Tensor& lab) {
  check_channels(lab);
  const auto y = (lab.select(kChannelAxis, 0) + 16) / 116;
  const auto x = lab.select(kChannelAxis, 1) / 500 + y;
  // Very blue colours out of sRGB's reach would have a negative Z.
  const auto z = (y - lab.select(kChannelAxis, 2) / 200).clamp_min(0);
  const auto xyz = at::stack({inverse_lab_curve(x) * kWhite[0], inverse_lab_curve(y) * kWhite[1],
                              inverse_lab_curve(z) * kWhite[2]},
                             kChannelAxis);
  static const Matrix3 rgb_from_xyz = inverse(kXyzFromRgb);
  return linear_to_srgb(mix(xyz, rgb_from_xyz)).clamp(0, 1);
}

}  // namespace cgan
