#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace cgan {

constexpr int64_t kHues = 6;
/// Sixths of the HSV circle, each 60 degrees wide and centred on its name: red at 0 degrees,
/// yellow at 60, ...
constexpr std::array<const char*, kHues> kHueNames = {"red",  "yellow", "green",
                                                      "cyan", "blue",   "magenta"};
/// A pixel has a hue when its chroma, the length of (a, b) in Lab, is above this.
constexpr double kLeastChroma = 10;

/// One hue over a set of pictures. Shares lie in 0..1.
struct HueScore {
  double error = 0;            ///< Mean distance in (a, b) of the original's pixels of this hue.
  double share = 0;            ///< Of all pixels, those whose original has this hue.
  double predicted_share = 0;  ///< Of all pixels, those whose prediction has this hue.
  double hit = 0;  ///< Of the original's pixels of this hue, those predicted with this hue.
};

/// Collects errors by the hue of the original pixel: which colours a generator has learned.
/// Thread-safety: one thread at a time.
class HueScores {
 public:
  /// @param predicted_rgb,original_rgb (N, 3, H, W), 0..1
  /// @param predicted_lab,original_lab the same pictures by rgb_to_lab
  void add(const at::Tensor& predicted_rgb, const at::Tensor& predicted_lab,
           const at::Tensor& original_rgb, const at::Tensor& original_lab);
  /// In the order of kHueNames; a hue that no original has is all zeros but predicted_share.
  std::array<HueScore, kHues> scores() const;

 private:
  std::array<double, kHues> error_ = {};
  std::array<int64_t, kHues> original_ = {}, predicted_ = {}, hit_ = {};
  int64_t pixels_ = 0;
};

/// Which hue each pixel has. @param rgb (N, 3, H, W), 0..1 @param lab the same by rgb_to_lab
/// @return (N, H, W), int64: index into kHueNames, or kHues where chroma is too small
at::Tensor hue_of(const at::Tensor& rgb, const at::Tensor& lab);

}  // namespace cgan
