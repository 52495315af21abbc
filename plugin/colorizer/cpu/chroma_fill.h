#pragma once

#include <cstdint>
#include <vector>

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
  struct Colour {
    float cb, cr, weight;
  };
  Colour mean_around(const float* luma, const float* cb, const float* cr, int64_t x, int64_t y,
                     int64_t step) const;

  int64_t width_, height_;
  std::vector<float> weight_;   ///< (height, width): 1 known, less the farther it came from
  std::vector<Colour> filled_;  ///< (height, width), of a pass
};

}  // namespace cgan
