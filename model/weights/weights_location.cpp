#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "model/weights/weights.h"
#include "weights_folders.h"  // made by meson

namespace cgan {
namespace {

namespace fs = std::filesystem;

constexpr const char kExtension[] = ".safetensors";

std::vector<std::string> weights_folders() {
  std::vector<std::string> folders;
  if (const char* path = std::getenv("CGANCOLORIZE_WEIGHTS_PATH")) {
    std::istringstream stream(path);
    for (std::string folder; std::getline(stream, folder, ':');)
      if (!folder.empty()) folders.push_back(folder);
  }
  for (const char* folder : {CGAN_WEIGHTS_BUILD_DIR, CGAN_WEIGHTS_INSTALL_DIR})
    if (*folder) folders.push_back(folder);
  return folders;
}

// Sorted, each once, with commas.
std::string built_in_names(const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  for (const auto& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
      if (entry->path().extension() == kExtension) names.push_back(entry->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || fs::path(name).extension() == kExtension;
}

}  // namespace

std::string find_weights(const std::string& name) {
  std::error_code error;
  if (is_path(name)) {
    if (fs::exists(name, error)) return name;
    throw ModelFileError(ModelFileError::Kind::kNotFound,
                         "There is no model file '" + name +
                             "'. Check the path, or give the name of a built-in model: " +
                             built_in_names(weights_folders()) + ".");
  }
  const auto folders = weights_folders();
  std::string looked_at;
  for (const auto& folder : folders) {
    const auto file = fs::path(folder) / (name + kExtension);
    if (fs::is_regular_file(file, error)) return file.string();
    looked_at += (looked_at.empty() ? "'" : ", '") + folder + "'";
  }
  const auto names = built_in_names(folders);
  throw ModelFileError(ModelFileError::Kind::kNotFound,
                       "There is no built-in model '" + name + "': looked for " + name +
                           kExtension + " in " + looked_at +
                           (names.empty() ? ", which hold no model" : ", which hold " + names) +
                           ". Name one of these, give the path of a .safetensors file, or set "
                           "CGANCOLORIZE_WEIGHTS_PATH.");
}

}  // namespace cgan
