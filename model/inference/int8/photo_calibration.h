#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "model/inference/frozen_generator.h"
#include "model/inference/int8/range_meter.h"
#include "model/weights/weights.h"

namespace cgan {

/// Measures the ranges that the photo generator's int8 form needs: shows pictures to the fp32 form
/// and looks at every layer.
/// Thread-safety: one thread at a time.
class PhotoCalibration {
 public:
  /// @throws ModelFileError (kInvalid) where the weights are not a photo generator's.
  explicit PhotoCalibration(const Weights& weights);

  /// Pictures of the kind that will be coloured; a hundred are enough. Muted, average and vivid
  /// colours are asked for in turn, from call to call, so that all of them fit into the ranges.
  /// @param luma as FrozenGenerator::chroma takes it
  /// @throws std::invalid_argument for luma of another shape.
  void show(const at::Tensor& luma);

  /// Short side in pixels of the pictures that the network is at its best with.
  int64_t short_side() const { return generator_->short_side(); }

  /// Of everything shown so far.
  ActivationRanges ranges() const;

 private:
  std::map<std::string, RangeMeter> meters_;
  std::unique_ptr<FrozenGenerator> generator_;
  size_t shown_ = 0;
};

}  // namespace cgan
