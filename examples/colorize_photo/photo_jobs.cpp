#include "examples/colorize_photo/photo_jobs.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "examples/colorize_photo/picture_file.h"

namespace colorize_photo {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& sentence) {
  throw RunError(sentence, colorize_film::kUsage);
}

std::vector<std::string> pictures_of(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path& path = entry->path();
    std::error_code none;
    if (!fs::is_regular_file(path, none) || path.filename().string()[0] == '.') continue;
    if (has_picture_ending(path.string()) || looks_like_picture(path.string()))
      paths.push_back(path.string());
  }
  if (error) refuse("The folder '" + folder + "' cannot be read: " + error.message() + ".");
  if (paths.empty()) refuse("The folder '" + folder + "' holds no picture: name another.");
  std::sort(paths.begin(), paths.end());
  return paths;
}

// The same name; where that cannot be written, .png is added.
std::string name_in(const fs::path& folder, const std::string& input) {
  std::string name = fs::path(input).filename().string();
  if (!has_picture_ending(name)) name += ".png";
  return (folder / name).string();
}

}  // namespace

std::vector<PhotoJob> photo_jobs(const Options& options) {
  std::error_code none;
  std::vector<std::string> inputs;
  bool to_folder = options.inputs.size() > 1 || fs::is_directory(options.output, none);
  for (const std::string& input : options.inputs) {
    if (!fs::is_directory(input, none)) {
      inputs.push_back(input);
      continue;
    }
    to_folder = true;
    for (std::string& picture : pictures_of(input)) inputs.push_back(std::move(picture));
  }

  if (!to_folder && !has_picture_ending(options.output))
    refuse("'" + options.output +
           "' is no picture by its ending: name a .jpg, .png, .tif or .webp, or a folder that "
           "exists.");
  if (to_folder) {
    std::error_code error;
    fs::create_directories(options.output, error);
    if (error || !fs::is_directory(options.output, none))
      refuse("There can be no folder '" + options.output +
             "': several pictures need one that can be made or is there.");
  }

  std::vector<PhotoJob> jobs;
  std::set<std::string> results;
  for (const std::string& input : inputs) {
    const std::string output = to_folder ? name_in(options.output, input) : options.output;
    if (!results.insert(output).second)
      refuse("Two of the pictures would become '" + output + "': colour them into two folders.");
    if (fs::equivalent(input, output, none))
      refuse("'" + input + "' would replace itself: name another OUT.");
    jobs.push_back({input, output});
  }
  return jobs;
}

}  // namespace colorize_photo
