#include "training/metrics/result_pictures.h"

#include <ATen/ATen.h>
#include <stb_image.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>

namespace cgan {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> pictures_by_name(const std::string& folder) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) throw std::runtime_error("cannot read the folder " + folder + ": " + error.message());
  std::map<std::string, std::string> pictures;
  for (const auto& entry : entries) {
    auto ending = entry.path().extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char letter) { return std::tolower(letter); });
    if (ending != ".png" && ending != ".jpg" && ending != ".jpeg" && ending != ".bmp") continue;
    const auto [place, is_new] =
        pictures.emplace(entry.path().stem().string(), entry.path().string());
    if (!is_new)
      throw std::runtime_error(place->second + " and " + entry.path().string() +
                               " have one name; keep one of them");
  }
  if (pictures.empty())
    throw std::runtime_error("no .png, .jpg or .bmp pictures in the folder " + folder);
  return pictures;
}

at::Tensor read_picture(const std::string& path) {
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> bytes(
      stbi_load(path.c_str(), &width, &height, &channels, 3), stbi_image_free);
  if (!bytes) throw std::runtime_error("cannot decode " + path + ": " + stbi_failure_reason());
  return at::from_blob(bytes.get(), {1, height, width, 3}, at::kByte)
      .permute({0, 3, 1, 2})
      .to(at::kFloat, false, true, at::MemoryFormat::Contiguous)
      .div_(255);
}

std::string size_of(const at::Tensor& picture) {
  return std::to_string(picture.size(3)) + "x" + std::to_string(picture.size(2));
}

}  // namespace

ResultPictures::ResultPictures(const std::string& results, const std::string& originals) {
  const auto original_paths = pictures_by_name(originals);
  for (const auto& [name, path] : pictures_by_name(results)) {
    const auto original = original_paths.find(name);
    if (original == original_paths.end())
      throw std::runtime_error("no original for " + path + ": the folder " + originals +
                               " has no picture named '" + name + "'");
    pairs_.push_back({path, original->second});
  }
  left_out_ = static_cast<int64_t>(original_paths.size()) - size();
}

ScoredPictures ResultPictures::read(int64_t index) const {
  const auto& pair = pairs_.at(index);
  ScoredPictures pictures;
  pictures.original = read_picture(pair.original);
  pictures.picture = read_picture(pair.result);
  pictures.own = pictures.picture;
  pictures.labels = at::full({1}, -1, at::kLong);
  if (pictures.original.sizes() != pictures.picture.sizes())
    throw std::runtime_error(pair.result + " is " + size_of(pictures.picture) +
                             " pixels, its original " + pair.original + " " +
                             size_of(pictures.original) + "; write results in the original size");
  return pictures;
}

}  // namespace cgan
