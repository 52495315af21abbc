#pragma once

#include <cstdint>
#include <vector>

namespace cgan {

/// How the exposure of a picture differs from that of a reference: luma = gain * reference +
/// offset, fitted to the means of blocks so that grain does not count, by least squares that lets
/// go of blocks which do not follow (objects that came, uncovered ground).
/// Thread-safety: one thread at a time.
class ExposureFit {
 public:
  static constexpr int64_t kBlock = 8;  ///< Pixels, each way.

  /// @param width, height pixels, positive
  ExposureFit(int64_t width, int64_t height);

  /// @param reference (height, width), -1..1, brought along the motion
  /// @param luma (height, width), -1..1
  void fit(const float* reference, const float* luma);

  float gain() const { return gain_; }      ///< 1/4..4
  float offset() const { return offset_; }  ///< luma -1..1
  /// Means of the blocks, row by row, ceil(height / kBlock) x ceil(width / kBlock).
  const std::vector<float>& reference_means() const { return reference_means_; }
  const std::vector<float>& means() const { return means_; }

 private:
  void find_means(const float* plane, std::vector<float>& means) const;
  float median_of_scratch();

  int64_t width_, height_;
  float gain_ = 1.0f, offset_ = 0.0f;
  std::vector<float> reference_means_, means_, scratch_;
};

}  // namespace cgan
