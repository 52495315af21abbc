#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/cpu/row_loops.h"
#include "plugin/colorizer/shot/state_archive.h"

namespace cgan {

/// How surely each pixel shows what the picture that was brought to it along motion shows: 1 where
/// their luma is alike in a window around, 0 where something else came. Alike means within what
/// grain alone would do, which is estimated from both pictures, and within a fraction of a pixel
/// where luma is steep. Everything is allocated by the constructor. Thread-safety: one thread at a
/// time.
class LumaMatch {
 public:
  /// @param width, height pixels, positive
  LumaMatch(int64_t width, int64_t height, const RowLoops& loops = row_loops_of());

  /// @param compensated (height, width), -1..1, at the exposure of luma
  /// @param luma (height, width), -1..1
  void compare(const float* compensated, const float* luma);

  /// (height, width), 0..1, of the last compare().
  const std::vector<float>& confidence() const { return confidence_; }
  /// (height, width): luma less the compensated, mean of the same windows, of the last compare().
  const std::vector<float>& level() const { return level_; }
  /// Mean difference of two pictures of one thing that grain makes, luma -1..1.
  float noise() const { return noise_; }
  /// Forgets the grain of a former film.
  void reset() { noise_ = 0.0f; }
  void archive(StateArchive& archive) { archive.number(noise_); }

 private:
  void measure_noise(const float* compensated, const float* luma);
  void window_rows(const float* compensated, const float* luma, int64_t y, float* excess,
                   float* sums);

  const RowLoops& loops_;
  int64_t width_, height_;
  float noise_ = 0.0f;
  std::vector<float> differences_, roughness_;  ///< Means of blocks.
  std::vector<float> sums_;                     ///< (2, height, width), of windows along the row
  std::vector<float> rows_;                     ///< Two rows with margins.
  std::vector<float> confidence_, level_;
};

}  // namespace cgan
