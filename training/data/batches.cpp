#include "training/data/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include "model/colour.h"
#include "training/data/random.h"

namespace cgan {
namespace {

/// -1 -> 1, -2 -> 2, length -> length - 2: the border pixel itself is not repeated.
int64_t reflect(int64_t position, int64_t length) {
  if (length == 1) return 0;
  const int64_t period = 2 * (length - 1);
  position = ((position % period) + period) % period;
  return position < length ? position : period - position;
}

void copy_tile(const PictureView& from, int64_t tile, int64_t left, int64_t top, bool mirrored,
               uint8_t* to) {
  for (int64_t y = 0; y < tile; ++y) {
    const uint8_t* row = from.rgb + reflect(top + y, from.height) * from.width * 3;
    for (int64_t x = 0; x < tile; ++x) {
      const int64_t column = reflect(left + (mirrored ? tile - 1 - x : x), from.width);
      std::copy_n(row + column * 3, 3, to + (y * tile + x) * 3);
    }
  }
}

}  // namespace

std::vector<int64_t> epoch_order(uint64_t seed, int64_t epoch, int64_t count) {
  std::vector<int64_t> order(count);
  std::iota(order.begin(), order.end(), int64_t{0});
  SplitMix64 random(stream_seed(seed, static_cast<uint64_t>(epoch), 0x6f72646572));
  // Fisher-Yates by hand: std::shuffle's result differs between libraries.
  for (int64_t i = count - 1; i > 0; --i) std::swap(order[i], order[random.below(i + 1)]);
  return order;
}

Batch make_batch(const Dataset& data, const std::vector<int64_t>& indices, int64_t tile,
                 const Augmentation& augmentation, uint64_t seed, int64_t first) {
  const auto count = static_cast<int64_t>(indices.size());
  const auto bytes = at::empty({count, tile, tile, 3}, at::kByte);
  Batch batch;
  batch.labels = at::empty({count}, at::kLong);
  for (int64_t k = 0; k < count; ++k) {
    const auto picture = data.picture(indices[k]);
    if (picture.height < tile || picture.width < tile)
      throw std::invalid_argument("picture " + std::to_string(indices[k]) + " is " +
                                  std::to_string(picture.width) + "x" +
                                  std::to_string(picture.height) + ", smaller than a tile of " +
                                  std::to_string(tile) + "; give a larger --size");
    SplitMix64 random(stream_seed(seed, static_cast<uint64_t>(first + k), 0x74696c65));
    int64_t left = (picture.width - tile) / 2, top = (picture.height - tile) / 2;
    if (augmentation.crop) {
      left = random.below(picture.width - tile + 1);
      top = random.below(picture.height - tile + 1);
    }
    if (augmentation.shift > 0) {
      left += random.below(2 * augmentation.shift + 1) - augmentation.shift;
      top += random.below(2 * augmentation.shift + 1) - augmentation.shift;
    }
    const bool mirrored = augmentation.flip && random.below(2) == 1;
    copy_tile(picture, tile, left, top, mirrored, bytes.data_ptr<uint8_t>() + k * tile * tile * 3);
    batch.labels.data_ptr<int64_t>()[k] = data.label(indices[k]);
  }
  // Bytes in the order N, H, W, C are a channels_last tensor without moving anything.
  const auto rgb = bytes.permute({0, 3, 1, 2}).to(at::kFloat).div_(255);
  batch.gray = rgb_to_luma(rgb).mul_(2).sub_(1);
  batch.colour = rgb * 2 - 1;
  return batch;
}

}  // namespace cgan
