#include "training/data/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "model/colour.h"
#include "training/data/random.h"
#include "training/data/tile_cut.h"

namespace cgan {
namespace {

// What is drawn for one picture comes from streams of their own, so that turning one kind of change
// on leaves the others as they were.
constexpr uint64_t kCutStream = 0x74696c65;
constexpr uint64_t kMotionStream = 0x6d6f7665;
constexpr uint64_t kLookStream = 0x66696c6d;
constexpr uint64_t kFirstFrameStream = 0x66723031;
constexpr uint64_t kSecondFrameStream = 0x66723032;

void check(const Augmentation& augmentation) {
  if (augmentation.zoom < 1) throw std::invalid_argument("the zoom of tiles must be at least 1");
  if (augmentation.pairs < 0 || augmentation.pairs > 1)
    throw std::invalid_argument("the share of pairs must lie between 0 and 1");
  if (augmentation.old_film.strength < 0 || augmentation.old_film.strength > 1)
    throw std::invalid_argument("the strength of old film must lie between 0 and 1");
}

TileCut draw_cut(const PictureView& picture, int64_t tile, const Augmentation& augmentation,
                 SplitMix64 random) {
  TileCut cut;
  const int64_t whole = std::min(picture.height, picture.width);
  cut.side = std::min(tile, whole);
  const bool zooms = augmentation.zoom > 1;
  if (zooms) {
    const auto smallest =
        std::min(static_cast<int64_t>(std::ceil(tile / augmentation.zoom)), whole);
    const auto largest = std::min(static_cast<int64_t>(tile * augmentation.zoom), whole);
    cut.side = smallest + random.below(largest - smallest + 1);
  }
  cut.left = (picture.width - cut.side) / 2;
  cut.top = (picture.height - cut.side) / 2;
  if (augmentation.crop || zooms) {
    cut.left = random.below(picture.width - cut.side + 1);
    cut.top = random.below(picture.height - cut.side + 1);
  }
  if (augmentation.shift > 0) {
    cut.left += random.below(2 * augmentation.shift + 1) - augmentation.shift;
    cut.top += random.below(2 * augmentation.shift + 1) - augmentation.shift;
  }
  cut.mirrored = augmentation.flip && random.below(2) == 1;
  return cut;
}

int64_t draw_motion(SplitMix64& random) {
  return 2 * random.below(kLargestMotion + 1) - kLargestMotion;
}

/// Bytes in the order N, H, W, C are a channels_last tensor without moving anything.
at::Tensor to_rgb(const at::Tensor& bytes) {
  return bytes.permute({0, 3, 1, 2}).to(at::kFloat).div_(255);
}

/// Row after row, as old film is drawn on it.
at::Tensor to_gray(const at::Tensor& rgb) {
  return rgb_to_luma(rgb).mul_(2).sub_(1).contiguous();
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
  check(augmentation);
  const auto count = static_cast<int64_t>(indices.size());
  const auto pairs = static_cast<int64_t>(std::ceil(augmentation.pairs * count));
  const auto bytes = at::empty({count, tile, tile, 3}, at::kByte);
  const auto moved_bytes = at::empty({pairs, tile, tile, 3}, at::kByte);
  const auto rgb_of = [tile](const at::Tensor& pictures, int64_t k) {
    return pictures.data_ptr<uint8_t>() + k * tile * tile * 3;
  };
  const auto stream = [&](int64_t k, uint64_t purpose) {
    return SplitMix64(stream_seed(seed, static_cast<uint64_t>(first + k), purpose));
  };

  Batch batch;
  batch.labels = at::empty({count}, at::kLong);
  if (pairs > 0) batch.motion = at::empty({pairs, 2}, at::kLong);
  for (int64_t k = 0; k < count; ++k) {
    const auto picture = data.picture(indices[k]);
    const auto cut = draw_cut(picture, tile, augmentation, stream(k, kCutStream));
    cut_tile(picture, cut, tile, 0, 0, rgb_of(bytes, k));
    batch.labels.data_ptr<int64_t>()[k] = data.label(indices[k]);
    if (k >= pairs) continue;
    auto random = stream(k, kMotionStream);
    auto* motion = batch.motion.data_ptr<int64_t>() + 2 * k;
    // Half of them stand still: there grain alone is what must not change the colours.
    const bool moves = random.chance(0.5);
    motion[0] = moves ? draw_motion(random) : 0;
    motion[1] = moves ? draw_motion(random) : 0;
    cut_tile(picture, cut, tile, motion[0], motion[1], rgb_of(moved_bytes, k));
  }
  const auto rgb = to_rgb(bytes);
  batch.gray = to_gray(rgb);
  batch.colour = rgb * 2 - 1;
  batch.input = batch.gray;
  if (pairs > 0) batch.second = to_gray(to_rgb(moved_bytes));
  if (augmentation.old_film.strength == 0) return batch;

  batch.input = batch.gray.clone();
  for (int64_t k = 0; k < count; ++k) {
    auto random = stream(k, kLookStream);
    const auto look = draw_film_look(augmentation.old_film, random);
    const auto show = [&](const FilmLook& film, const at::Tensor& pictures, uint64_t purpose,
                          const at::Tensor& frames) {
      auto moment = stream(k, purpose);
      age_picture(rgb_of(pictures, k), tile, film, moment,
                  frames.data_ptr<float>() + k * tile * tile);
    };
    if (look) show(*look, bytes, kFirstFrameStream, batch.input);
    // No two moments on film are the same.
    if (k < pairs)
      show(look ? *look : draw_grain(augmentation.old_film, random), moved_bytes,
           kSecondFrameStream, batch.second);
  }
  return batch;
}

}  // namespace cgan
