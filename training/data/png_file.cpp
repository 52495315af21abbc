#include "training/data/png_file.h"

#include <ATen/ATen.h>
#include <stb_image_write.h>

#include <fstream>
#include <stdexcept>

namespace cgan {

void write_png(const std::string& path, const at::Tensor& picture) {
  const auto bytes =
      picture.mul(255).round().clamp(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous();
  const auto size = [&](int64_t axis) { return static_cast<int>(bytes.size(axis)); };
  const int height = size(0), width = size(1), channels = size(2);
  // Through a stream of our own: stb's does not say whether the disk is full.
  std::ofstream file(path, std::ios::binary);
  const auto put = [](void* to, void* data, int size) {
    static_cast<std::ofstream*>(to)->write(static_cast<const char*>(data), size);
  };
  if (!stbi_write_png_to_func(put, &file, width, height, channels, bytes.data_ptr<uint8_t>(),
                              channels * width) ||
      !file.flush())
    throw std::runtime_error("cannot write " + path +
                             ": check that its folder exists and the disk has room");
}

}  // namespace cgan
