#include "training/metrics/picture_grid.h"

#include <ATen/ATen.h>

#include "training/data/png_file.h"

namespace cgan {
namespace {

constexpr int64_t kGap = 2;
/// Pictures side by side before a new row of the grid begins.
constexpr int64_t kTriplesPerRow = 4;

}  // namespace

void write_picture_grid(const std::string& path, const at::Tensor& gray,
                        const at::Tensor& generated, const at::Tensor& original, int64_t zoom) {
  const int64_t count = gray.size(0);
  // (N, 3, H, 3 W + gaps): the triple of each picture, then all of them in rows.
  const auto framed = [&](const at::Tensor& picture) {
    const auto rgb = picture.expand({count, 3, picture.size(2), picture.size(3)});
    const auto large = rgb.repeat_interleave(zoom, 2).repeat_interleave(zoom, 3);
    return at::constant_pad_nd(large, {0, kGap, 0, kGap}, 1);
  };
  const auto triple = at::constant_pad_nd(
      at::cat({framed(gray), framed(generated), framed(original)}, 3), {0, 3 * kGap}, 1);
  std::vector<at::Tensor> rows;
  for (int64_t first = 0; first < count; first += kTriplesPerRow) {
    std::vector<at::Tensor> row;
    for (int64_t i = first; i < first + kTriplesPerRow; ++i)
      row.push_back(i < count ? triple[i] : at::ones_like(triple[0]));
    rows.push_back(at::cat(row, 2));
  }
  write_png(path, at::cat(rows, 1) * 0.5 + 0.5);
}

}  // namespace cgan
