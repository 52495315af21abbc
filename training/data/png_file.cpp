#include "training/data/png_file.h"

#include <ATen/ATen.h>
#include <stb_image_write.h>

#include <stdexcept>

namespace cgan {

void write_png(const std::string& path, const at::Tensor& rgb) {
  const auto bytes =
      rgb.mul(255).round().clamp(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous();
  const int height = static_cast<int>(bytes.size(0)), width = static_cast<int>(bytes.size(1));
  if (!stbi_write_png(path.c_str(), width, height, 3, bytes.data_ptr<uint8_t>(), 3 * width))
    throw std::runtime_error("cannot write " + path + ": check that its folder exists");
}

}  // namespace cgan
