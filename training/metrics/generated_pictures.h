#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "model/inference/frozen_generator.h"
#include "model/networks/report_generator.h"
#include "model/weights/weights.h"

namespace cgan {

/// Colours grey pictures as the element does: by the frozen generator, the luma kept.
/// Thread-safety: one thread at a time.
class GeneratedPictures {
 public:
  struct Output {
    at::Tensor picture;  ///< (N, 3, tile, tile), RGB, 0..1: Y' kept, generator's chroma
                         ///< blended as the element does, clipped
    at::Tensor own;      ///< (N, 3, tile, tile), RGB, 0..1: the network's own; undefined where it
                         ///< puts out chroma only
  };

  /// @throws ModelFileError where the weights do not fit their network.
  explicit GeneratedPictures(const Weights& weights);

  int64_t tile() const { return generator_->tile(); }
  /// @param gray (N, 1, tile, tile), Y' of BT.601, -1..1
  Output colour(const at::Tensor& gray);

 private:
  std::unique_ptr<FrozenGenerator> generator_;
  std::unique_ptr<WorkerPool> pool_;
  Workspace workspace_;
  ReportGenerator network_{nullptr};  ///< empty for networks that put out chroma only
};

}  // namespace cgan
