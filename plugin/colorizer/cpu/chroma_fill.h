#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/pixel/fill.h"

namespace cgan {

/// Gives pixels of unknown colour that of known ones around with like luma: a few passes of a mean
/// over eight neighbours, weighted by how like their luma is, at growing and again falling
/// distance. Known pixels stay as they are to the bit; the cost is that of the unknown ones.
/// Everything is allocated by the constructor. Thread-safety: one thread at a time.
class ChromaFill {
 public:
  /// @param width, height pixels, positive
  ChromaFill(int64_t width, int64_t height);

  /// @param luma (height, width), -1..1
  /// @param confidence (height, width): known from `known` on
  /// @param cb, cr (height, width), read and written; what unknown pixels hold remains where no
  ///   known one is near
  void run(const float* luma, const float* confidence, float known, float* cb, float* cr);

 private:
  int64_t width_, height_;
  std::vector<float> weight_;  ///< (height, width): 1 known, less the farther it came from
  std::vector<pixel::FilledColour> filled_;  ///< (height, width), of a pass
};

}  // namespace cgan
