#include "training/losses/consistency.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdlib>

#include "training/losses/colour_terms.h"

namespace cgan {
namespace {

// The part of a picture (C, h, w) that still lies in it after a motion by (dy, dx).
at::Tensor overlap(const at::Tensor& picture, int64_t dy, int64_t dx) {
  return picture.narrow(1, std::max<int64_t>(dy, 0), picture.size(1) - std::abs(dy))
      .narrow(2, std::max<int64_t>(dx, 0), picture.size(2) - std::abs(dx));
}

}  // namespace

at::Tensor consistency_loss(const at::Tensor& first, const at::Tensor& second,
                            const at::Tensor& motion, int64_t scale) {
  const auto before = chroma_of(first.narrow(0, 0, second.size(0))), after = chroma_of(second);
  const auto steps = motion.accessor<int64_t, 2>();
  auto sum = at::zeros({}, first.options());
  for (int64_t i = 0; i < second.size(0); ++i) {
    const int64_t dy = steps[i][0] / scale, dx = steps[i][1] / scale;
    sum = sum + at::l1_loss(overlap(before[i], dy, dx), overlap(after[i], -dy, -dx));
  }
  return sum / second.size(0);
}

}  // namespace cgan
