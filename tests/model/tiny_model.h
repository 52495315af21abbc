#pragma once

#include <array>
#include <cstdint>
#include <string>

/// A small random generator for tests, as weights or as a file. It reads no LibTorch header, so
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

}  // namespace cgan
