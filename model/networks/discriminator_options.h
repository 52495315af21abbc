#pragma once

#include <array>
#include <cstdint>

/// What each discriminator is made by, as numbers alone: no LibTorch.
namespace cgan {

/// Settings of the report's discriminator.
struct DiscriminatorOptions {
  /// Side of the square picture in pixels; a positive multiple of 16.
  int64_t tile = 32;
  /// Channels of c1..c4. All positive.
  std::array<int64_t, 4> widths = {64, 128, 256, 512};
  /// Width of the dense layer f1.
  int64_t hidden = 128;
};

/// @throws std::invalid_argument where an option is outside its range.
void check(const DiscriminatorOptions& options);

/// Settings of the patch discriminator.
struct PatchDiscriminatorOptions {
  /// Channels of c1..c4. All positive.
  std::array<int64_t, 4> widths = {64, 128, 256, 256};
};

/// @throws std::invalid_argument where an option is outside its range.
void check(const PatchDiscriminatorOptions& options);

}  // namespace cgan
