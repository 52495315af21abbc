#include "training/metrics/colour_difference.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace cgan {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kSmallestError = 1e-10;

at::Tensor cos_degrees(const at::Tensor& angle) {
  return (angle * (kPi / 180)).cos();
}
at::Tensor sin_degrees(const at::Tensor& angle) {
  return (angle * (kPi / 180)).sin();
}

// 0..360; 0 for grey, as the paper wants it.
at::Tensor hue_degrees(const at::Tensor& a, const at::Tensor& b) {
  const auto angle = at::atan2(b, a) * (180 / kPi);
  return at::where(angle < 0, angle + 360, angle);
}

// 25^7 is the paper's constant.
at::Tensor chroma_weight(const at::Tensor& chroma) {
  const auto seventh = chroma.pow(7);
  return (seventh / (seventh + 6103515625.0)).sqrt();
}

}  // namespace

at::Tensor ciede2000(const at::Tensor& first, const at::Tensor& second) {
  const auto l1 = first.select(-3, 0), a1 = first.select(-3, 1), b1 = first.select(-3, 2);
  const auto l2 = second.select(-3, 0), a2 = second.select(-3, 1), b2 = second.select(-3, 2);

  const auto g = 0.5 * (1 - chroma_weight((at::hypot(a1, b1) + at::hypot(a2, b2)) / 2));
  const auto red1 = a1 * (1 + g), red2 = a2 * (1 + g);
  const auto chroma1 = at::hypot(red1, b1), chroma2 = at::hypot(red2, b2);
  const auto hue1 = hue_degrees(red1, b1), hue2 = hue_degrees(red2, b2);

  // Where one of the two is grey its hue means nothing: no hue difference, and the mean hue is
  // the other's.
  const auto grey = chroma1 * chroma2 == 0;
  auto hue_step = hue2 - hue1;
  const auto far = hue_step.abs() > 180;
  auto hue_mean = (hue1 + hue2) / 2;
  hue_mean = at::where(far, at::where(hue1 + hue2 < 360, hue_mean + 180, hue_mean - 180), hue_mean);
  hue_mean = at::where(grey, hue1 + hue2, hue_mean);
  hue_step = at::where(far, hue_step - 360 * hue_step.sign(), hue_step);
  hue_step = at::where(grey, at::zeros_like(hue_step), hue_step);

  const auto lightness_step = l2 - l1, chroma_step = chroma2 - chroma1;
  const auto hue_distance = 2 * (chroma1 * chroma2).sqrt() * sin_degrees(hue_step / 2);
  const auto lightness_mean = (l1 + l2) / 2, chroma_mean = (chroma1 + chroma2) / 2;

  const auto t = 1 - 0.17 * cos_degrees(hue_mean - 30) + 0.24 * cos_degrees(2 * hue_mean) +
                 0.32 * cos_degrees(3 * hue_mean + 6) - 0.20 * cos_degrees(4 * hue_mean - 63);
  const auto from_middle = (lightness_mean - 50).square();
  const auto s_l = 1 + 0.015 * from_middle / (20 + from_middle).sqrt();
  const auto s_c = 1 + 0.045 * chroma_mean, s_h = 1 + 0.015 * chroma_mean * t;
  const auto rotation = 30 * (-((hue_mean - 275) / 25).square()).exp();
  const auto r_t = -sin_degrees(2 * rotation) * 2 * chroma_weight(chroma_mean);

  const auto l = lightness_step / s_l, c = chroma_step / s_c, h = hue_distance / s_h;
  // The rotation term can push a sum of nearly zero under it by rounding.
  return (l.square() + c.square() + h.square() + r_t * c * h).clamp_min(0).sqrt();
}

at::Tensor chroma_distance(const at::Tensor& first, const at::Tensor& second) {
  const auto step = first.narrow(-3, 1, 2) - second.narrow(-3, 1, 2);
  return step.square().sum(-3).sqrt();
}

at::Tensor squared_error(const at::Tensor& first, const at::Tensor& second) {
  return (first - second).square().mean(at::IntArrayRef{-3, -2, -1});
}

double psnr(double mean_squared_error) {
  return -10 * std::log10(std::max(mean_squared_error, kSmallestError));
}

at::Tensor psnr(const at::Tensor& mean_squared_error) {
  return mean_squared_error.clamp_min(kSmallestError).log10() * -10;
}

}  // namespace cgan
