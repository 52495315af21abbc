#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "model/networks/efficientnet_lite_shape.h"

/// What each generator is made by, as numbers alone: no LibTorch.
namespace cgan {

/// Slope of every LeakyReLU for negative values.
constexpr double kLeakySlope = 0.2;

/// How a decoder layer doubles the resolution.
enum class Upsampling {
  kTransposed,  ///< Transposed convolution, kernel 2, stride 2.
  kSubpixel,    ///< 3x3 convolution to 4C channels, then pixel shuffle (Shi et al., CVPR 2016).
};

/// Keeps what a file may ask for far from all memory of the machine, as both generators do.
/// @throws std::invalid_argument where tile or a width is not positive or far above any use.
void check_sizes(int64_t tile, const std::array<int64_t, 5>& widths);

/// "transposed" or "subpixel".
const char* to_string(Upsampling upsampling);
/// @throws std::invalid_argument for any other name.
Upsampling upsampling_from_string(const std::string& name);

/// Settings of the report's generator. The defaults are the report's network for CIFAR-10.
struct ReportGeneratorOptions {
  /// Side of the square tile in pixels; a positive multiple of 16 (four halvings).
  int64_t tile = 32;
  /// Channels of e0, e1, e2, e3, e4; d1..d4 mirror e3..e0. All positive.
  std::array<int64_t, 5> widths = {64, 128, 256, 512, 512};
  /// How d1..d4 double the resolution.
  Upsampling upsampling = Upsampling::kTransposed;
  /// Probability that d1 and d2 zero an activation, in [0, 1).
  double dropout = 0.5;
};

/// @throws std::invalid_argument where an option is outside its range.
void check(const ReportGeneratorOptions& options);

/// Settings of the photo generator.
struct PhotoGeneratorOptions {
  /// What the encoder is taken from.
  EfficientNetLite encoder = EfficientNetLite::k0;
  /// Longest side in pixels that it is given at once, larger pictures in tiles of it; a positive
  /// multiple of 32. It bounds memory, not what the network can do: a scene is best seen whole.
  int64_t tile = 512;
  /// Channels of the decoder at 1/32, 1/16, 1/8, 1/4 and 1/2 of the resolution. All positive.
  std::array<int64_t, 5> widths = {256, 160, 96, 64, 32};
};

/// @throws std::invalid_argument where an option is outside its range.
void check(const PhotoGeneratorOptions& options);

}  // namespace cgan
