#pragma once

#include <cstdint>
#include <vector>

#include "plugin/colorizer/pixel/exposure.h"

namespace cgan {

/// How the exposure of a picture differs from that of a reference: luma = gain * reference +
/// offset, fitted to the means of blocks so that grain does not count, by least squares that lets
/// go of blocks which do not follow (objects that came, uncovered ground).
/// Thread-safety: one thread at a time.
class ExposureFit {
 public:
  /// @param width, height pixels, positive
  ExposureFit(int64_t width, int64_t height);

  /// @param reference (height, width), -1..1, brought along the motion
  /// @param luma (height, width), -1..1
  void fit(const float* reference, const float* luma);

  float gain() const { return exposure_.gain; }      ///< 1/4..4
  float offset() const { return exposure_.offset; }  ///< luma -1..1
  /// Means of the blocks of pixel::kBlock pixels each way, row by row.
  const std::vector<float>& reference_means() const { return reference_means_; }
  const std::vector<float>& means() const { return means_; }

 private:
  void find_means(const float* plane, std::vector<float>& means) const;
  float median_of_scratch();

  int64_t width_, height_;
  pixel::Exposure exposure_ = {1.0f, 0.0f};
  std::vector<float> reference_means_, means_, scratch_;
};

}  // namespace cgan
