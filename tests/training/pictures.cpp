#include "pictures.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace cgan::testing {

namespace fs = std::filesystem;

FormulaPictures::FormulaPictures(int64_t count, int64_t side) : count_(count), side_(side) {
  for (int64_t i = 0; i < count; ++i)
    for (int64_t y = 0; y < side; ++y)
      for (int64_t x = 0; x < side; ++x) {
        const bool in_square = (x < side / 2) == (i % 2 == 0) && y > side / 4 && y < 3 * side / 4;
        const int level = static_cast<int>((in_square ? 60 : 180) + (i * 7 + y) % 20);
        pixels_.push_back(static_cast<uint8_t>(i % 2 == 0 ? level + 40 : level - 40));
        pixels_.push_back(static_cast<uint8_t>(level));
        pixels_.push_back(static_cast<uint8_t>(i % 2 == 0 ? level - 40 : level + 40));
      }
}

PictureView FormulaPictures::picture(int64_t index) const {
  return {pixels_.data() + index * side_ * side_ * 3, side_, side_};
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "cgan-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Recipe tiny_recipe() {
  Recipe recipe;
  recipe.epochs = 4;
  recipe.batch = 8;
  recipe.workers = 2;
  recipe.widths = {8, 8, 8, 8, 8};
  recipe.d_widths = {8, 8, 8, 8};
  recipe.d_hidden = 8;
  recipe.lr = 1e-3;
  recipe.ema = 0.9;
  return recipe;
}

void write_cifar10(const fs::path& path, int count) {
  std::ofstream file(path, std::ios::binary);
  for (int i = 0; i < count; ++i) {
    file.put(static_cast<char>(i % 10));
    for (int plane = 0; plane < 3; ++plane) file << std::string(1024, static_cast<char>(i + plane));
  }
}

}  // namespace cgan::testing
