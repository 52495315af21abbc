#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "model/inference/frozen_generator.h"

namespace cgan {

/// Colours photographs of any size on the element's way: luma, area mean at work size, generator,
/// chroma back to full size beside the untouched luma. Two steps are simpler than the element's:
/// the work copy is padded by its last row and column, and chroma is interpolated without a look at
/// the luma. Score the element's own pictures where these matter.
/// Thread-safety: one thread at a time.
class PhotoColouring {
 public:
  /// @param work_size short side of the work copy in pixels, 0: the generator's choice; smaller
  ///   photographs are not enlarged
  /// @param saturation factor on the generator's chroma
  /// @param vividness as for FrozenGenerator::chroma()
  PhotoColouring(std::unique_ptr<FrozenGenerator> generator, int64_t work_size, double saturation,
                 double vividness = 0);

  /// Short side of the work copy in pixels.
  int64_t work_size() const { return work_size_; }
  /// @param luma (1, 1, H, W), Y' of BT.601, 0..1
  /// @return (1, 3, H, W), RGB, 0..1, clipped where luma and chroma leave the cube
  at::Tensor colour(const at::Tensor& luma);

 private:
  std::unique_ptr<FrozenGenerator> generator_;
  int64_t work_size_;
  double saturation_, vividness_;
  std::unique_ptr<WorkerPool> pool_;
  Workspace workspace_;
};

}  // namespace cgan
