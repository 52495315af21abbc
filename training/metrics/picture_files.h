#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>

/// Folders of pictures that are measured one by one, each at its own size.
namespace cgan {

/// Pictures of a folder (.png, .jpg, .jpeg, .bmp), without its sub-folders.
/// @return name without the ending -> path
/// @throws std::runtime_error where the folder cannot be read, holds no picture, or two of one
/// name.
std::map<std::string, std::string> pictures_by_name(const std::string& folder);

/// @return (1, 3, H, W), RGB, 0..1, float32
/// @throws std::runtime_error where the file cannot be decoded.
at::Tensor read_picture(const std::string& path);

/// @return "WIDTHxHEIGHT" of (1, 3, H, W)
std::string size_text(const at::Tensor& picture);

/// Whether a picture has no colours: all channels within two codes of each other everywhere.
/// @param rgb (N, 3, H, W), 0..1
bool is_grey(const at::Tensor& rgb);

/// Classes of pictures, from a CSV file whose first line names its columns, `file` (with the
/// ending, without the folder) and `class` (a number from 0) among them. Fields hold no commas.
class PictureLabels {
 public:
  /// @throws std::runtime_error where the file cannot be read or a line does not fit.
  explicit PictureLabels(const std::string& path);
  /// @param picture path of a picture; its folder does not matter
  /// @throws std::runtime_error where the file has no line for it.
  int64_t of(const std::string& picture) const;

 private:
  std::string path_;
  std::map<std::string, int64_t> classes_;
};

}  // namespace cgan
