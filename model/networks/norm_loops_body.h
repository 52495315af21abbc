#pragma once

// The loops of norm_loops.h. A source per instruction set includes this once, with the flags of the
// set; all of it has internal linkage.

#include "model/networks/norm_loops.h"

namespace cgan {
namespace {

void add_moments(const float* __restrict x, int64_t rows, int64_t channels, float* __restrict sum,
                 float* __restrict squares) {
  for (int64_t r = 0; r < rows; ++r, x += channels)
    for (int64_t c = 0; c < channels; ++c) {
      sum[c] += x[c];
      squares[c] += x[c] * x[c];
    }
}

void activate(const float* __restrict x, const float* __restrict scale,
              const float* __restrict shift, float slope, const float* __restrict mask,
              int64_t channels, float* __restrict y) {
  for (int64_t c = 0; c < channels; ++c) {
    const float v = x[c] * scale[c] + shift[c];
    y[c] = v * (v > 0 ? 1.f : slope) * mask[c];
  }
}

// Sums of g = dy LeakyReLU'(x) mask and of g x.
void add_gradient_sums(const float* __restrict x, const float* __restrict dy,
                       const float* __restrict scale, const float* __restrict shift, float slope,
                       const float* __restrict mask, int64_t channels, float* __restrict sum,
                       float* __restrict sum_x) {
  for (int64_t c = 0; c < channels; ++c) {
    const float g = dy[c] * (x[c] * scale[c] + shift[c] > 0 ? 1.f : slope) * mask[c];
    sum[c] += g;
    sum_x[c] += g * x[c];
  }
}

// dx = scale * g + slope_x * x + constant, with the sums of the batch in the last two.
void input_gradient(const float* __restrict x, const float* __restrict dy,
                    const float* __restrict scale, const float* __restrict shift, float slope,
                    const float* __restrict mask, const float* __restrict slope_x,
                    const float* __restrict constant, int64_t channels, float* __restrict dx) {
  for (int64_t c = 0; c < channels; ++c) {
    const float g = dy[c] * (x[c] * scale[c] + shift[c] > 0 ? 1.f : slope) * mask[c];
    dx[c] = scale[c] * g + slope_x[c] * x[c] + constant[c];
  }
}

constexpr NormLoops kLoops = {add_moments, activate, add_gradient_sums, input_gradient};

}  // namespace
}  // namespace cgan
