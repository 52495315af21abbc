#include "training/losses/differentiable_augmentation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

#include "training/data/random.h"

namespace cgan {
namespace {

constexpr uint64_t kStream = 0x64696666;

at::Tensor augment_one(const at::Tensor& picture, SplitMix64 random) {
  const int64_t height = picture.size(1), width = picture.size(2);
  const int64_t reach_y = height / 8, reach_x = width / 8;
  auto result = random.chance(0.5) ? picture.flip(2) : picture;
  const int64_t top = random.below(2 * reach_y + 1), left = random.below(2 * reach_x + 1);
  result = at::constant_pad_nd(result, {reach_x, reach_x, reach_y, reach_y})
               .narrow(1, top, height)
               .narrow(2, left, width);
  // Its middle lies anywhere on the picture, so that the border is hidden as often as the middle.
  const int64_t y = random.below(height), x = random.below(width);
  auto shown = at::ones({1, height, width}, picture.options());
  const int64_t first_y = std::max<int64_t>(0, y - height / 4),
                first_x = std::max<int64_t>(0, x - width / 4);
  shown.narrow(1, first_y, std::min(height, y + height / 4) - first_y)
      .narrow(2, first_x, std::min(width, x + width / 4) - first_x)
      .zero_();
  return result * shown;
}

}  // namespace

at::Tensor augment_for_judging(const at::Tensor& pictures, uint64_t seed) {
  std::vector<at::Tensor> results;
  for (int64_t k = 0; k < pictures.size(0); ++k)
    results.push_back(
        augment_one(pictures[k], SplitMix64(stream_seed(seed, static_cast<uint64_t>(k), kStream))));
  return at::stack(results);
}

}  // namespace cgan
