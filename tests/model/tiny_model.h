#pragma once

#include <array>
#include <cstdint>
#include <string>

/// Small random generators for tests, as weights or as a file. It reads no LibTorch header, so
/// that tests of rooms that know no tensor can write a model too.
namespace cgan {

struct Weights;

struct TinyModel {
  int64_t tile = 32;                                ///< Positive multiple of 16.
  std::array<int64_t, 5> widths = {4, 6, 8, 8, 8};  ///< Channels of e0..e4.
  std::string upsampling = "transposed";            ///< Or "subpixel".
  double dropout = 0.5;                             ///< In [0, 1).
  uint64_t seed = 1;                                ///< Same numbers on every machine.
};

/// A generator with random weights, random batch norm statistics included.
Weights tiny_weights(const TinyModel& model = {});

/// Writes tiny_weights(model) to `path`, float32.
/// @throws std::runtime_error where the disk refuses.
void write_tiny_model(const std::string& path, const TinyModel& model = {});

/// Small but for its encoder, whose size is given: 12 or 18 MB as a file.
struct TinyPhotoModel {
  std::string encoder = "efficientnet-lite0";       ///< Or "efficientnet-lite2".
  int64_t tile = 64;                                ///< Positive multiple of 32.
  std::array<int64_t, 5> widths = {8, 7, 6, 5, 4};  ///< Of the decoder.
  uint64_t seed = 1;                                ///< Same numbers on every machine.
};

/// A photo generator with random weights, random batch norm statistics included.
Weights tiny_photo_weights(const TinyPhotoModel& model = {});

/// Writes tiny_photo_weights(model) to `path`, float32.
/// @throws std::runtime_error where the disk refuses.
void write_tiny_photo_model(const std::string& path, const TinyPhotoModel& model = {});

}  // namespace cgan
