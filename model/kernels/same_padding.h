#pragma once

#include <cstdint>

namespace cgan {

/// Zeros around a picture by TensorFlow's SAME: on each side at stride 1, where the kernel is odd;
/// at stride 2, where sides are even, one more behind than before.
struct SamePadding {
  constexpr SamePadding(int64_t kernel, int64_t stride)
      : before((kernel - stride) / 2), after(kernel - stride - before) {}
  int64_t before, after;
};

}  // namespace cgan
