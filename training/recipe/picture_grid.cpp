#include "training/recipe/picture_grid.h"

#include <ATen/ATen.h>
#include <stb_image_write.h>

#include <stdexcept>

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
  const auto bytes = at::cat(rows, 1)
                         .mul(127.5)
                         .add(127.5)
                         .round()
                         .clamp(0, 255)
                         .to(at::kByte)
                         .permute({1, 2, 0})
                         .contiguous();
  const int height = static_cast<int>(bytes.size(0)), width = static_cast<int>(bytes.size(1));
  if (!stbi_write_png(path.c_str(), width, height, 3, bytes.data_ptr<uint8_t>(), 3 * width))
    throw std::runtime_error("cannot write " + path);
}

}  // namespace cgan
