#include "training/metrics/picture_files.h"

#include <ATen/ATen.h>
#include <stb_image.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace cgan {
namespace {

namespace fs = std::filesystem;

constexpr double kGreyTolerance = 2.0 / 255;

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, ',');) {
    if (!field.empty() && field.back() == '\r') field.pop_back();
    result.push_back(field);
  }
  return result;
}

}  // namespace

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

std::string size_text(const at::Tensor& picture) {
  return std::to_string(picture.size(3)) + "x" + std::to_string(picture.size(2));
}

bool is_grey(const at::Tensor& rgb) {
  const auto distance = std::get<0>(rgb.max(1)) - std::get<0>(rgb.min(1));
  // Half a code more: 2/255 is not exact in float32.
  return distance.max().item<double>() < kGreyTolerance + 0.5 / 255;
}

PictureLabels::PictureLabels(const std::string& path) : path_(path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error("cannot read labels from " + path);
  const auto names = fields(line);
  const auto column = [&](const char* name) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end())
      throw std::runtime_error(path + " has no column '" + name + "' in its first line; add it");
    return static_cast<size_t>(place - names.begin());
  };
  const size_t file_column = column("file"), class_column = column("class");
  while (std::getline(file, line)) {
    const auto row = fields(line);
    if (row.empty()) continue;
    int64_t number = -1;
    if (row.size() > std::max(file_column, class_column)) {
      const auto& text = row[class_column];
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size()) number = -1;
    }
    if (number < 0)
      throw std::runtime_error(path + " has a line without a class number from 0: '" + line +
                               "'; correct it");
    classes_[row[file_column]] = number;
  }
}

int64_t PictureLabels::of(const std::string& picture) const {
  const auto name = fs::path(picture).filename().string();
  const auto place = classes_.find(name);
  if (place == classes_.end())
    throw std::runtime_error(path_ + " has no line for " + name + "; add it");
  return place->second;
}

}  // namespace cgan
