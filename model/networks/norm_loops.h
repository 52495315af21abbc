#pragma once

#include <cstdint>

#include "model/kernels/instruction_set.h"

namespace cgan {

/// The loops over channels of batch norm with LeakyReLU behind it, y = LeakyReLU(x scale + shift)
/// mask, and of its gradient, compiled for each width of vectors: they are memory-bound from the L2
/// cache on, wide registers still halve their time. All arrays (channels), apart from each other.
struct NormLoops {
  /// Adds to sums and sums of squares. @param x (rows, channels)
  void (*add_moments)(const float* x, int64_t rows, int64_t channels, float* sum, float* squares);
  void (*activate)(const float* x, const float* scale, const float* shift, float slope,
                   const float* mask, int64_t channels, float* y);
  /// Adds to the sums of g = dy LeakyReLU'(x) mask and of g x.
  void (*add_gradient_sums)(const float* x, const float* dy, const float* scale, const float* shift,
                            float slope, const float* mask, int64_t channels, float* sum,
                            float* sum_x);
  /// dx = scale g + slope_x x + constant, with the sums of the batch in the last two.
  void (*input_gradient)(const float* x, const float* dy, const float* scale, const float* shift,
                         float slope, const float* mask, const float* slope_x,
                         const float* constant, int64_t channels, float* dx);
};

/// Those for the processor.
const NormLoops& norm_loops(InstructionSet set = best_instruction_set());

}  // namespace cgan
