#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "training/data/dataset.h"
#include "training/recipe/recipe.h"

/// Pictures, folders and a recipe small enough for tests that train.
namespace cgan::testing {

/// Pictures by a formula: a field of one colour with a darker square, the colour tied to the side
/// on which the square lies, so that it can be learned from the gray picture.
class FormulaPictures : public Dataset {
 public:
  FormulaPictures(int64_t count, int64_t side);
  int64_t size() const override { return count_; }
  PictureView picture(int64_t index) const override;
  int64_t label(int64_t index) const override { return index % 2; }
  const std::vector<std::string>& class_names() const override { return names_; }
  const std::string& description() const override { return description_; }

 private:
  int64_t count_, side_;
  std::vector<uint8_t> pixels_;
  std::vector<std::string> names_ = {"left", "right"};
  std::string description_ = "formula";
};

/// A folder of its own for each test, removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  std::string string() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// Widths of 8, tile 32, batch 8, two workers: a step takes milliseconds.
Recipe tiny_recipe();

/// Writes `count` CIFAR-10 records; record i has label i % 10 and planes of i, i + 1, i + 2.
void write_cifar10(const std::filesystem::path& path, int count);

}  // namespace cgan::testing
